import Restoration

/// Decides whether the service may send another ping, because an unconditional timer would keep a hung
/// process alive.
///
/// The judge is a pure value that receives time and evidence. It complains about a counter that has not grown
/// for longer than its budget. A picture that takes ten minutes is fine while its worker's heartbeat
/// continues.
package struct WatchdogJudge: Sendable {
    /// How long each part may go without progress.
    package struct Budgets: Sendable, Equatable {
        /// The budget of the spool's queue, and of the queue that reads the inbox.
        package var loop: Duration
        /// The budget of a probe through the dispatch pool.
        package var pool: Duration
        /// The budget of a busy worker's next heartbeat.
        package var worker: Duration

        package init(loop: Duration, pool: Duration, worker: Duration) {
            self.loop = loop
            self.pool = pool
            self.worker = worker
        }
    }

    /// The counters at one moment.
    package struct Evidence: Sendable, Equatable {
        /// Grows with every turn of the spool's queue; nil while there is none (loading, draining).
        package var loopTurnCount: UInt64?
        /// Grows with everything that is looked at in the inbox; nil while nobody looks.
        package var lookCount: UInt64?
        /// Grows with every probe that the dispatch pool ran.
        package var probeCount: UInt64
        /// The activity of each worker, always in the same order.
        package var workers: [WorkerActivity]

        package init(
            loopTurnCount: UInt64?, lookCount: UInt64? = nil, probeCount: UInt64 = 0,
            workers: [WorkerActivity]
        ) {
            self.loopTurnCount = loopTurnCount
            self.lookCount = lookCount
            self.probeCount = probeCount
            self.workers = workers
        }
    }

    /// A reason against another ping.
    package enum Complaint: Sendable, Equatable, CustomStringConvertible {
        case loopStalled(Duration)
        case watchStalled(Duration)
        case poolStalled(Duration)
        case workerStalled(index: Int, Duration)

        package var description: String {
            switch self {
            case .loopStalled(let silence):
                "the spool's queue has not turned for \(silence.components.seconds) s"
            case .watchStalled(let silence):
                "nothing in the inbox was looked at for \(silence.components.seconds) s"
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
    private var watch: Track?
    private var pool: Track?
    private var workers: [Track?] = []

    package init(budgets: Budgets) {
        self.budgets = budgets
    }

    /// Judges the evidence at `now`, read from any monotonic clock. An empty result allows the ping.
    package mutating func complaints(at now: Duration, evidence: Evidence) -> [Complaint] {
        var complaints: [Complaint] = []
        if let silence = Self.silence(of: &loop, count: evidence.loopTurnCount, now: now),
            silence > budgets.loop
        {
            complaints.append(.loopStalled(silence))
        }
        if let silence = Self.silence(of: &watch, count: evidence.lookCount, now: now),
            silence > budgets.loop
        {
            complaints.append(.watchStalled(silence))
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

        // Workers may occupy every thread of the pool for a whole picture. The probe then waits, but a worker
        // that advances proves that the pool runs.
        if let silence = Self.silence(of: &pool, count: evidence.probeCount, now: now),
            silence > budgets.pool, !someWorkerAdvances
        {
            complaints.append(.poolStalled(silence))
        }
        return complaints
    }

    /// Returns how long a counter has not grown; nil if it need not grow.
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
