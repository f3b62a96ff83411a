import Synchronization

/// The rate meter with a clock, for several threads.
package final class Progress: Sendable {
    private let start = ContinuousClock.now
    private let meter = Mutex(RateMeter(start: .zero))

    package init() {}

    /// A picture was restored now.
    package func complete() {
        meter.withLock { $0.complete(at: elapsed) }
    }

    /// Pictures per minute, lately.
    package var perMinute: Double {
        meter.withLock { $0.perMinute(at: elapsed) }
    }

    /// Time since the start.
    package var elapsed: Duration { ContinuousClock.now - start }
}
