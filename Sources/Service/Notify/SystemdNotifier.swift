import CSystemd
import Glibc

/// Speaks to systemd over the socket that `NOTIFY_SOCKET` names (a path, or `@…` in the abstract namespace),
/// by sd_notify(3). Without that variable nothing is sent.
package struct SystemdNotifier: ServiceNotifying {
    package init() {}

    /// A manager that is deaf restarts the service by itself; there is nothing else to be done about it.
    package func send(_ messages: [NotificationMessage]) {
        guard !messages.isEmpty else { return }
        sd_notify(0, messages.map(\.assignment).joined(separator: "\n"))
    }

    /// What `WATCHDOG_USEC` asks for, if `WATCHDOG_PID` is absent or names this process; sd_watchdog_enabled(3).
    package var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// The clock that `RELOADING=1` must be stamped with, in microseconds.
    package static var monotonicMicroseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
}
