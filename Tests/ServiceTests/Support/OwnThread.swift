import Dispatch

/// Runs tasks on a thread of its own. The threads that tasks share are busy with other tests for seconds at a time.
final class OwnThread: TaskExecutor {
    private let queue = DispatchQueue(label: "a test's own thread")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
