import Files

/// Bounds the lines about bad pictures, as a pure value: whoever may write into the inbox could otherwise fill the log, and
/// the journal's own limit would then suppress lines about good pictures too.
package struct LineBudget: Sendable {
    package static let linesPerMinute = 100
    private static let minute = Duration.seconds(60)

    private var begin = Duration.zero
    private var count = 0
    /// Lines that were left out in minutes that are over, and that no summary has named yet.
    private var unnamed = 0

    package init() {}

    /// Whether a line may be written now. It is counted either way.
    package mutating func admits(at now: Duration) -> Bool {
        endMinute(at: now)
        count += 1
        return count <= Self.linesPerMinute
    }

    /// Returns how many lines were left out in minutes that are over, once; nil if there were none.
    package mutating func summary(at now: Duration) -> Int? {
        endMinute(at: now)
        guard unnamed > 0 else { return nil }
        defer { unnamed = 0 }
        return unnamed
    }

    private mutating func endMinute(at now: Duration) {
        guard now - begin >= Self.minute else { return }
        unnamed += max(0, count - Self.linesPerMinute)
        begin = now
        count = 0
    }
}
