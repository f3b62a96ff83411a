import Restoration

/// Decides whether the service deserves another ping: a blind timer would keep a hung process alive.
///
/// A pure value: time and evidence come from outside. A counter that did not grow for longer than its budget
/// speaks against the service; a ten-minute picture is healthy while its heart beats.
package struct WatchdogJudge: Sendable {
    /// How long each part may go without a sign of life.
    package struct Budgets: Sendable, Equatable {
        /// The loop that watches the inbox.
        package var loop: Duration
        /// A probe through the dispatch pool.
        package var pool: Duration
        /// A busy worker's next beat.
        package var worker: Duration

        package init(loop: Duration, pool: Duration, worker: Duration) {
            self.loop = loop
            self.pool = pool
            self.worker = worker
        }
    }

    /// Everything known at one moment.
    package struct Evidence: Sendable, Equatable {
        /// Grows with every turn of the watch loop; nil while there is none (loading, draining).
        package var loopTurnCount: UInt64?
        /// Grows with every probe that the dispatch pool ran.
        package var probeCount: UInt64
        /// One reading per worker, always in the same order.
        package var workers: [WorkerActivity]

        package init(loopTurnCount: UInt64?, probeCount: UInt64, workers: [WorkerActivity]) {
            self.loopTurnCount = loopTurnCount
            self.probeCount = probeCount
            self.workers = workers
        }
    }

    /// What speaks against another ping.
    package enum Complaint: Sendable, Equatable, CustomStringConvertible {
        case loopStalled(Duration)
        case poolStalled(Duration)
        case workerStalled(index: Int, Duration)

        package var description: String {
            switch self {
            case .loopStalled(let silence):
                "the watch loop has not turned for \(silence.components.seconds) s"
            case .poolStalled(let silence):
                "the dispatch pool has run nothing for \(silence.components.seconds) s"
            case .workerStalled(let index, let silence):
                "worker \(index) has not advanced for \(silence.components.seconds) s"
            }
        }
    }

    private struct Track: Sendable {
        var count: UInt64
        var since: Duration
    }

    package let budgets: Budgets
    private var loop: Track?
    private var pool: Track?
    private var workers: [Track?] = []

    package init(budgets: Budgets) {
        self.budgets = budgets
    }

    /// Weighs the evidence at `now` (any steady clock's reading). Empty: ping.
    package mutating func complaints(at now: Duration, evidence: Evidence) -> [Complaint] {
        var complaints: [Complaint] = []
        if let silence = Self.silence(of: &loop, count: evidence.loopTurnCount, now: now),
            silence > budgets.loop
        {
            complaints.append(.loopStalled(silence))
        }

        if workers.count != evidence.workers.count {
            workers = Array(repeating: nil, count: evidence.workers.count)
        }
        var someWorkerAdvances = false
        for (index, reading) in evidence.workers.enumerated() {
            let silence = Self.silence(
                of: &workers[index], count: reading.job == nil ? nil : reading.beatCount, now: now)
            guard let silence else { continue }
            if silence > budgets.worker {
                complaints.append(.workerStalled(index: index, silence))
            } else {
                someWorkerAdvances = true
            }
        }

        // Workers may fill every thread of the pool for the length of a picture; then the probe waits, and the
        // worker that advances is itself the proof that the pool runs.
        if let silence = Self.silence(of: &pool, count: evidence.probeCount, now: now),
            silence > budgets.pool, !someWorkerAdvances
        {
            complaints.append(.poolStalled(silence))
        }
        return complaints
    }

    /// How long a counter has stood still; nil for one that nothing is expected of.
    private static func silence(of track: inout Track?, count: UInt64?, now: Duration) -> Duration? {
        guard let count else {
            track = nil
            return nil
        }
        guard let known = track, known.count == count else {
            track = Track(count: count, since: now)
            return .zero
        }
        return now - known.since
    }
}
