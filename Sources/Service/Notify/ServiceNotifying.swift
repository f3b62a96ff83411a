/// Tells a service manager how the service is. Sending never fails: a service that nobody manages, or whose
/// manager is deaf, works all the same.
package protocol ServiceNotifying: Sendable {
    /// Sends all messages as one datagram, so that a manager never sees half of them.
    func send(_ messages: [NotificationMessage])

    /// How often the manager wants `.watchdog`, or nil if it does not watch.
    var watchdogInterval: Duration? { get }
}

extension ServiceNotifying {
    package func send(_ messages: NotificationMessage...) {
        send(messages)
    }
}
