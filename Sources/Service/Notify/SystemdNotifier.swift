import CSystemd
import Glibc

/// Speaks to systemd over the socket that `NOTIFY_SOCKET` names (a path, or `@…` in the abstract namespace),
/// by sd_notify(3). Without that variable nothing is sent.
public struct SystemdNotifier: ServiceNotifying {
    /// Sees each failure to send; a manager's deafness is worth a line in the log and nothing more.
    private let onFailure: @Sendable (_ errno: Int32) -> Void

    public init(onFailure: @escaping @Sendable (_ errno: Int32) -> Void = { _ in }) {
        self.onFailure = onFailure
    }

    public func send(_ messages: [NotificationMessage]) {
        guard !messages.isEmpty else { return }
        let result = sd_notify(0, messages.map(\.assignment).joined(separator: "\n"))
        if result < 0 { onFailure(-result) }
    }

    /// What `WATCHDOG_USEC` asks for, if `WATCHDOG_PID` is absent or names this process; sd_watchdog_enabled(3).
    public var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0, microseconds > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// The clock that `RELOADING=1` must be stamped with, in microseconds.
    public static var monotonicMicroseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }
}
