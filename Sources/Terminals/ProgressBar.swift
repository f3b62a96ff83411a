import Glibc

/// The text of the bar that `--once` draws on a terminal.
package struct ProgressBar: Sendable, Equatable {
    package var doneCount: Int
    package var failedCount: Int
    /// All known pictures, including those that are done or failed.
    package var totalCount: Int
    package var perMinute: Double
    /// How much is done of the pictures in work, in pictures.
    package var startedShare: Double

    package init(
        doneCount: Int, failedCount: Int, totalCount: Int, perMinute: Double, startedShare: Double = 0
    ) {
        self.startedShare = startedShare
        self.doneCount = doneCount
        self.failedCount = failedCount
        self.totalCount = totalCount
        self.perMinute = perMinute
    }

    /// The counts, the share, the rate and the time left, without the bar.
    package var counts: String {
        var text = "\(finishedCount)/\(totalCount)"
        if failedCount > 0 { text += ", \(failedCount) failed" }
        if startedShare > 0 { text += ", \(fixed(100 * doneShare, 0)) %" }
        if perMinute > 0 {
            text += ", \(fixed(perMinute, 1))/min"
            let seconds = (1 - doneShare) * Double(totalCount) * 60 / perMinute
            if seconds < 360_000 { text += ", \(Self.clock(Int((seconds - 1e-6).rounded(.up)))) left" }
        }
        return text
    }

    private var finishedCount: Int { min(doneCount + failedCount, totalCount) }

    /// The share of all pictures that is done, 0 to 1.
    private var doneShare: Double {
        totalCount > 0 ? min(1, (Double(finishedCount) + startedShare) / Double(totalCount)) : 1
    }

    /// Returns one line of at most `columns` characters, without a line break.
    package func text(columns: Int) -> String {
        let tail = " " + counts
        let width = min(40, columns - tail.count - 2)
        guard width >= 8 else { return String(tail.dropFirst().prefix(max(columns, 0))) }
        let filled = min(width, Int(Double(width) * doneShare + 1e-9))
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
