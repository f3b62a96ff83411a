import CSystemd
import Glibc

/// Sends notifications to systemd with sd_notify(3), over the socket that `NOTIFY_SOCKET` names (a path, or
/// `@…` in the abstract namespace). Without that variable nothing is sent.
package struct SystemdNotifier: ServiceNotifying {
    package init() {}

    /// Errors are ignored: a manager that receives nothing restarts the service, and nothing else can be
    /// done.
    package func send(_ messages: [NotificationMessage]) {
        guard !messages.isEmpty else { return }
        sd_notify(0, messages.map(\.assignment).joined(separator: "\n"))
    }

    /// The interval in `WATCHDOG_USEC`, if `WATCHDOG_PID` is absent or names this process; see
    /// sd_watchdog_enabled(3).
    package var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// The time for `RELOADING=1`, in microseconds of CLOCK_MONOTONIC.
    package static var monotonicMicroseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
}
