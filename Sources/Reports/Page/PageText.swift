import Files
import Terminals

/// Numbers and times as the page shows them.
enum PageText {
    /// A file's size in units of 1,000.
    static func size(_ byteCount: Int) -> String {
        switch byteCount {
        case ..<1000: "\(byteCount) B"
        case ..<1_000_000: "\(fixed(Double(byteCount) / 1e3, byteCount < 10_000 ? 1 : 0)) kB"
        case ..<1_000_000_000: "\(fixed(Double(byteCount) / 1e6, byteCount < 10_000_000 ? 1 : 0)) MB"
        default: "\(fixed(Double(byteCount) / 1e9, 1)) GB"
        }
    }

    /// Seconds, or minutes and more where there are many.
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<10: "\(fixed(seconds, 2)) s"
        case ..<120: "\(fixed(seconds, 1)) s"
        case ..<86_400: ProgressBar.clock(Int(seconds)) + (seconds < 3600 ? " min" : " h")
        default: "\(fixed(seconds / 86_400, 1)) days"
        }
    }

    /// A time since 1970 for people, in UTC.
    static func time(_ time: Duration) -> String { plain(Timestamp.text(time)) }

    /// A time of RFC 3339 for people.
    static func plain(_ timestamp: String) -> String {
        let parts = timestamp.split(separator: "T")
        guard parts.count == 2 else { return timestamp }
        return "\(parts[0]) \(parts[1].prefix(5)) UTC"
    }

    /// A whole number with a comma before each three digits.
    static func count(_ number: Int) -> String {
        var text = ""
        let digits = Array(String(number))
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    static func percent(_ share: Double) -> String {
        share > 0 && share < 0.001 ? "under 0.1 %" : "\(fixed(share * 100, 1)) %"
    }
}
