import CLinux

/// Whether the wall clock can be believed.
package enum ClockState: Sendable {
    /// Some service has set it by a better one.
    case synchronized
    case unsynchronized
    /// The kernel does not say: `ProtectClock=` and containers forbid to ask.
    case unknown

    /// systemd-timesyncd makes this file when it has set the clock; others tell the kernel (adjtimex(2)).
    private static let marker: Path = "/run/systemd/timesync/synchronized"

    package static var current: ClockState {
        if ((try? WholeFiles.status(marker)) ?? nil) != nil { return .synchronized }
        return switch linux_clock_is_synchronized() {
        case 1: .synchronized
        case 0: .unsynchronized
        default: .unknown
        }
    }
}
