import Files

/// Bounds the lines about bad pictures, as a pure value: whoever may write into the inbox could otherwise fill the log, and
/// the journal's own limit would then suppress lines about good pictures too.
package struct LineBudget: Sendable {
    package static let linesPerMinute = 100
    private static let minute = Duration.seconds(60)

    private var begin = Duration.zero
    private var count = 0
    private var leftOut = 0

    package init() {}

    /// Whether a line may be written now. It is counted either way.
    package mutating func admits(at now: Duration) -> Bool {
        if now - begin >= Self.minute {
            begin = now
            count = 0
        }
        count += 1
        if count > Self.linesPerMinute { leftOut += 1 }
        return count <= Self.linesPerMinute
    }

    /// Returns how many lines were left out, once for each minute; nil if there were none.
    package mutating func summary(at now: Duration) -> Int? {
        guard leftOut > 0, now - begin >= Self.minute else { return nil }
        defer { leftOut = 0 }
        return leftOut
    }
}
