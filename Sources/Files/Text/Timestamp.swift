import FoundationEssentials
import Glibc

/// Times for people and programs: RFC 3339, UTC.
package enum Timestamp {
    /// The present time to the millisecond.
    package static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    /// A time since 1970, to the second.
    package static func text(_ time: Duration) -> String {
        let seconds = representable(Int(time.components.seconds))
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }

    /// The nearest time that RFC 3339 can write: years 1 to 9999.
    static func representable(_ seconds: Int) -> Int { min(max(seconds, -62_135_596_800), 253_402_300_799) }

    /// A time since 1970, to the millisecond, rounded down: `Date`, a floating-point number, would lose some.
    package static func text(seconds: Int, nanoseconds: Int) -> String {
        let milliseconds = String(1000 + nanoseconds / 1_000_000).dropFirst()
        return "\(text(.seconds(seconds)).dropLast()).\(milliseconds)Z"
    }
}
