import Synchronization

/// A rate meter with a clock, for use by several threads.
package final class Progress: Sendable {
    private let start = ContinuousClock.now
    private let meter = Mutex(RateMeter(start: .zero))

    package init() {}

    /// Counts a picture as restored now.
    package func complete() {
        meter.withLock { $0.complete(at: elapsed) }
    }

    /// Recent pictures per minute.
    package var perMinute: Double {
        meter.withLock { $0.perMinute(at: elapsed) }
    }

    /// The time since the start.
    package var elapsed: Duration { ContinuousClock.now - start }
}
