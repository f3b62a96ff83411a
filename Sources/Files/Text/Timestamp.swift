import FoundationEssentials
import Glibc

/// Times as text for people and programs, by RFC 3339, in UTC.
package enum Timestamp {
    /// Returns the current time with milliseconds.
    package static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    /// Returns a time since 1970 with seconds.
    package static func text(_ time: Duration) -> String {
        let seconds = representable(Int(time.components.seconds))
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }

    /// Returns the nearest time that RFC 3339 can express, in the years 1 to 9999.
    static func representable(_ seconds: Int) -> Int { min(max(seconds, -62_135_596_800), 253_402_300_799) }

    /// Returns a time since 1970 with milliseconds, rounded down. `Date` would lose some, because it is a
    /// floating-point number.
    package static func text(seconds: Int, nanoseconds: Int) -> String {
        let milliseconds = String(1000 + nanoseconds / 1_000_000).dropFirst()
        return "\(text(.seconds(seconds)).dropLast()).\(milliseconds)Z"
    }
}
