import DequeModule
import Dispatch
import Files
import Synchronization

/// A worker's state at one moment, for a watchdog.
package struct WorkerActivity: Sendable, Equatable {
    package let worker: Int
    /// The label of the job in work; nil for an idle worker.
    package let job: String?
    /// Grows with every sign of progress: a busy worker whose count stands still hangs.
    package let beatCount: UInt64
    package let coreCount: Int

    package init(worker: Int, job: String?, beatCount: UInt64, coreCount: Int) {
        self.worker = worker
        self.job = job
        self.beatCount = beatCount
        self.coreCount = coreCount
    }
}

/// A fixed set of workers, each a dispatch queue with a session of its own, sized to the cores.
///
/// Jobs start in the order of their submission; how many cores each gets is `PoolPolicy`'s choice. Reading,
/// restoring and writing all happen inside the job, so that files are handled in parallel too.
package final class RestorationPool: Sendable {
    package typealias Job = @Sendable (PoolWorker) -> Void

    private struct Running {
        let label: String
        let coreCount: Int
    }

    private struct State {
        var waiting = Deque<(label: String, job: Job)>()
        /// By worker; nil where it is idle.
        var running: [Running?]
        /// Counts the jobs a worker has begun: a release that was planned before the last one is void.
        var begun: [Int]

        var busyCores: Int { running.reduce(0) { $0 + ($1?.coreCount ?? 0) } }
        var busyWorkers: Int { running.count { $0 != nil } }
    }

    package let policy: PoolPolicy
    let workers: [PoolWorker]
    private let state: Mutex<State>
    private let idleRelease: Duration
    /// Where starts are decided: jobs submitted in one go are seen together.
    private let coordinator = DispatchQueue(label: "promptir.pool")
    private let unfinished = DispatchGroup()

    /// - Parameters:
    ///   - idleRelease: a worker without work for so long gives its memory back.
    ///   - onProgress: called with the worker's index at every sign of progress, from any thread.
    package init(
        policy: PoolPolicy = PoolPolicy(), idleRelease: Duration = .seconds(10),
        onProgress: (@Sendable (Int) -> Void)? = nil
    ) {
        self.policy = policy
        self.idleRelease = idleRelease
        workers = (0..<policy.workerCount).map {
            PoolWorker(index: $0, workerCount: policy.workerCount, onProgress: onProgress)
        }
        state = Mutex(
            State(
                running: Array(repeating: nil, count: policy.workerCount),
                begun: Array(repeating: 0, count: policy.workerCount)))
    }

    /// Queues a job and returns at once.
    ///
    /// - Parameters:
    ///   - label: what `activity` says is in work.
    ///   - job: runs on a worker's queue; that worker's `restore` does the main part.
    package func submit(_ label: String, job: @escaping Job) {
        unfinished.enter()
        state.withLock { $0.waiting.append((label, job)) }
        coordinator.async { self.startWhatFits() }
    }

    /// Jobs that have not begun.
    package var waitingCount: Int { state.withLock(\.waiting.count) }

    /// Blocks until every submitted job is done. Not from within a job.
    package func waitUntilIdle() {
        unfinished.wait()
    }

    /// What every worker is doing.
    package var activity: [WorkerActivity] {
        let running = state.withLock(\.running)
        return zip(workers, running).map { worker, running in
            WorkerActivity(
                worker: worker.index, job: running?.label, beatCount: worker.beatCount,
                coreCount: running?.coreCount ?? 0)
        }
    }

    /// Calls `answer` from the queue that starts jobs: where none comes, the pool itself hangs.
    package func probe(_ answer: @escaping @Sendable () -> Void) {
        coordinator.async(execute: answer)
    }

    private func startWhatFits() {
        while let (worker, job) = nextStart() {
            worker.queue.async {
                job(worker)
                self.finish(worker)
            }
        }
    }

    private func nextStart() -> (PoolWorker, Job)? {
        state.withLock { state in
            let cores = policy.coresForNext(
                waiting: state.waiting.count, busyCores: state.busyCores, busyWorkers: state.busyWorkers)
            guard let cores else { return nil }
            let idle = workers.indices.filter { state.running[$0] == nil }
            // Rather a worker whose session was planned for this many cores.
            guard let chosen = idle.first(where: { workers[$0].coreCount == cores }) ?? idle.first else {
                return nil
            }
            guard let (label, job) = state.waiting.popFirst() else { return nil }
            state.running[chosen] = Running(label: label, coreCount: cores)
            state.begun[chosen] += 1
            workers[chosen].setCoreCount(cores)
            return (workers[chosen], job)
        }
    }

    private func finish(_ worker: PoolWorker) {
        let begun = state.withLock { state in
            state.running[worker.index] = nil
            return state.begun[worker.index]
        }
        coordinator.async { self.startWhatFits() }
        coordinator.asyncAfter(deadline: .now() + idleRelease.dispatchInterval) { [weak self] in
            self?.release(worker, ifNotBegunSince: begun)
        }
        unfinished.leave()
    }

    private func release(_ worker: PoolWorker, ifNotBegunSince begun: Int) {
        let isStillIdle = state.withLock {
            $0.running[worker.index] == nil && $0.begun[worker.index] == begun
        }
        if isStillIdle {
            worker.queue.async { worker.release() }
        }
    }
}
