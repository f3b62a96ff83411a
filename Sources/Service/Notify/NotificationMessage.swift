import Files

/// One assignment of systemd's notification protocol, sd_notify(3).
package enum NotificationMessage: Sendable, Equatable {
    /// The model is loaded, a self-test passed and the inbox was scanned once; or a reload has ended.
    case ready
    /// A reload began at this time of CLOCK_MONOTONIC, in microseconds.
    case reloading(monotonicMicroseconds: UInt64)
    /// The service is draining.
    case stopping
    /// One line for `systemctl status`.
    case status(String)
    /// Work advances; sent at least every WatchdogSec.
    case watchdog
    /// Start-up or stop needs this much longer, counted from now.
    case extendTimeout(Duration)
    /// The service failed with this errno.
    case failure(errno: Int32)

    /// The assignment as it is sent. A status never holds a line break: the protocol separates assignments
    /// by them, so a file's name could otherwise say `READY=1`.
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
