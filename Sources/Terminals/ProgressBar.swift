import Glibc

/// The text of the bar that `--once` draws on a terminal.
package struct ProgressBar: Sendable, Equatable {
    package var doneCount: Int
    package var failedCount: Int
    /// All known pictures, including those that are done or failed.
    package var totalCount: Int
    package var perMinute: Double

    package init(doneCount: Int, failedCount: Int, totalCount: Int, perMinute: Double) {
        self.doneCount = doneCount
        self.failedCount = failedCount
        self.totalCount = totalCount
        self.perMinute = perMinute
    }

    /// Returns one line of at most `columns` characters, without a line break.
    package func text(columns: Int) -> String {
        let finished = min(doneCount + failedCount, totalCount)
        var tail = " \(finished)/\(totalCount)"
        if failedCount > 0 { tail += ", \(failedCount) failed" }
        if perMinute > 0 {
            tail += ", \(fixed(perMinute, 1))/min"
            let seconds = Double(totalCount - finished) * 60 / perMinute
            if seconds < 360_000 { tail += ", \(Self.clock(Int(seconds.rounded(.up)))) left" }
        }
        let width = min(40, columns - tail.count - 2)
        guard width >= 8 else { return String(tail.dropFirst().prefix(max(columns, 0))) }
        let filled = totalCount > 0 ? width * finished / totalCount : width
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
            + "]"
            + tail
    }

    /// Formats seconds as h:mm:ss, or as m:ss below an hour.
    package static func clock(_ seconds: Int) -> String {
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0
            ? "\(hours):\(padded(minutes)):\(padded(seconds % 60))" : "\(minutes):\(padded(seconds % 60))"
    }
}
