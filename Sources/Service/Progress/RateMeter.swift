import Files

/// Pictures per minute over the last few minutes: a pure value.
package struct RateMeter: Sendable {
    /// How far back it looks.
    package static let window = Duration.seconds(300)

    /// Times of completion within the window, oldest first; times are any steady clock's readings.
    private var completions: [Duration] = []
    private let start: Duration

    /// - Parameter start: when work began; before the window is full, the rate is over the time since then.
    package init(start: Duration) {
        self.start = start
    }

    package mutating func complete(at now: Duration) {
        completions.append(now)
        // In blocks: to shift the array once a picture would cost at high rates.
        if completions.count.isMultiple(of: 256) { forget(before: now - Self.window) }
    }

    /// The rate at `now`; zero while nothing is known.
    package mutating func perMinute(at now: Duration) -> Double {
        forget(before: now - Self.window)
        let span = min(now - start, Self.window)
        guard span > .zero, !completions.isEmpty else { return 0 }
        // The first seconds tell little: one picture after 10 ms is no rate of 6000 a minute.
        return Double(completions.count) * 60 / max(span, .seconds(1)).inSeconds
    }

    private mutating func forget(before limit: Duration) {
        let kept = completions.firstIndex { $0 >= limit } ?? completions.endIndex
        completions.removeFirst(kept)
    }
}
