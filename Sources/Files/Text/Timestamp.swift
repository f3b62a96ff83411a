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
        date(seconds: Int(time.components.seconds)) + "Z"
    }

    /// A time since 1970, to the millisecond.
    package static func text(seconds: Int, nanoseconds: Int) -> String {
        "\(date(seconds: seconds)).\(padded(nanoseconds / 1_000_000, 3))Z"
    }

    private static func date(seconds: Int) -> String {
        var seconds = representable(seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return
            "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))T"
            + "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
    }

    /// The nearest time that RFC 3339 can write: years 1 to 9999.
    static func representable(_ seconds: Int) -> Int { min(max(seconds, -62_135_596_800), 253_402_300_799) }

    private static func padded(_ value: some BinaryInteger, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
