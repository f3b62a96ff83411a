import Files

/// Pictures per minute over the last few minutes, as a pure value.
package struct RateMeter: Sendable {
    /// The length of time over which the rate is measured.
    package static let window = Duration.seconds(300)

    /// The times of completion within the window, oldest first, read from any monotonic clock.
    private var completions: [Duration] = []
    private let start: Duration

    /// - Parameter start: when work began. Until the window is full, the rate covers the time since then.
    package init(start: Duration) {
        self.start = start
    }

    package mutating func complete(at now: Duration) {
        completions.append(now)
        // Old times are removed in blocks, because shifting the array for every picture is slow at high
        // rates.
        if completions.count.isMultiple(of: 256) { forget(before: now - Self.window) }
    }

    /// Returns the rate at `now`; zero while nothing is known.
    package mutating func perMinute(at now: Duration) -> Double {
        forget(before: now - Self.window)
        let span = min(now - start, Self.window)
        guard span > .zero, !completions.isEmpty else { return 0 }
        // The span is at least one second: one picture after 10 ms does not mean 6000 a minute.
        return Double(completions.count) * 60 / max(span, .seconds(1)).inSeconds
    }

    private mutating func forget(before limit: Duration) {
        let kept = completions.firstIndex { $0 >= limit } ?? completions.endIndex
        completions.removeFirst(kept)
    }
}
