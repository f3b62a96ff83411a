/// Reports the service's state to a service manager. Sending never fails, because the service works without a
/// manager, too.
package protocol ServiceNotifying: Sendable {
    /// Sends all messages as one datagram, so that a manager never receives only some of them.
    func send(_ messages: [NotificationMessage])

    /// How often the manager expects `.watchdog`; nil if it does not watch.
    var watchdogInterval: Duration? { get }
}

extension ServiceNotifying {
    package func send(_ messages: NotificationMessage...) {
        send(messages)
    }
}
