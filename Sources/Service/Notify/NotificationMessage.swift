import Files

/// An assignment of systemd's notification protocol, sd_notify(3).
package enum NotificationMessage: Sendable, Equatable {
    /// The model is loaded, a self-test passed and the inbox was scanned once; or a reload has ended.
    case ready
    /// A reload began at this time of CLOCK_MONOTONIC, in microseconds.
    case reloading(monotonicMicroseconds: UInt64)
    /// The service is draining.
    case stopping
    /// One line for `systemctl status`.
    case status(String)
    /// Work advances. The message is sent at least every WatchdogSec.
    case watchdog
    /// The start or stop needs this much longer, counted from now.
    case extendTimeout(Duration)
    /// The service failed with this errno.
    case failure(errno: Int32)

    /// The assignment as it is sent. A status never contains a line break, because the protocol separates
    /// assignments by line breaks, and a file's name could otherwise send `READY=1`.
    package var assignment: String {
        switch self {
        case .ready: "READY=1"
        case .reloading(let microseconds): "RELOADING=1\nMONOTONIC_USEC=\(microseconds)"
        case .stopping: "STOPPING=1"
        case .status(let text): "STATUS=\(LineText.escaped(text))"
        case .watchdog: "WATCHDOG=1"
        case .extendTimeout(let duration): "EXTEND_TIMEOUT_USEC=\(duration.wholeMicroseconds)"
        case .failure(let number): "ERRNO=\(number)"
        }
    }
}
