import DequeModule
import Dispatch
import Files
import Synchronization

/// A worker's state at one moment, for a watchdog.
package struct WorkerActivity: Sendable, Equatable {
    package let worker: Int
    /// The label of the current job; nil for an idle worker.
    package let job: String?
    /// Grows with every sign of progress. If it stands still, a busy worker hangs.
    package let beatCount: UInt64
    package let coreCount: Int

    package init(worker: Int, job: String?, beatCount: UInt64, coreCount: Int) {
        self.worker = worker
        self.job = job
        self.beatCount = beatCount
        self.coreCount = coreCount
    }
}

/// A fixed set of workers for the available cores, each a dispatch queue with its own session.
///
/// Jobs start in the order of their submission; `PoolPolicy` chooses the number of cores for each. Reading,
/// restoring and writing all happen inside the job, so files are handled in parallel, too.
package final class RestorationPool: Sendable {
    package typealias Job = @Sendable (PoolWorker) -> Void

    private struct Running {
        let label: String
        let coreCount: Int
    }

    private struct State {
        var waiting = Deque<(label: String, job: Job)>()
        /// The current jobs by worker; nil for an idle worker.
        var running: [Running?]
        /// The number of jobs that each worker has begun. A planned release is void if the number has
        /// changed.
        var begun: [Int]

        var busyCores: Int { running.reduce(0) { $0 + ($1?.coreCount ?? 0) } }
        var busyWorkers: Int { running.count { $0 != nil } }
    }

    package let policy: PoolPolicy
    let workers: [PoolWorker]
    private let state: Mutex<State>
    private let idleRelease: Duration
    /// The queue that starts jobs. It sees jobs that were submitted together at the same time.
    private let coordinator = DispatchQueue(label: "promptir.pool")
    private let unfinished = DispatchGroup()

    /// - Parameters:
    ///   - idleRelease: how long a worker is idle before it releases its memory.
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
    ///   - label: the job's name in `activity`.
    ///   - job: runs on a worker's queue and calls that worker's `restore`.
    package func submit(_ label: String, job: @escaping Job) {
        unfinished.enter()
        state.withLock { $0.waiting.append((label, job)) }
        coordinator.async { self.startWhatFits() }
    }

    /// The number of jobs that have not begun.
    package var waitingCount: Int { state.withLock(\.waiting.count) }

    /// Blocks until every submitted job is done. A job must not call it.
    package func waitUntilIdle() {
        unfinished.wait()
    }

    /// The state of every worker.
    package var activity: [WorkerActivity] {
        let running = state.withLock(\.running)
        return zip(workers, running).map { worker, running in
            WorkerActivity(
                worker: worker.index, job: running?.label, beatCount: worker.beatCount,
                coreCount: running?.coreCount ?? 0)
        }
    }

    /// Calls `answer` on the queue that starts jobs. If no answer comes, the pool itself hangs.
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
            // A worker is preferred whose session was planned for this number of cores.
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
