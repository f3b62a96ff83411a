import Dispatch
import Synchronization

/// Runs tasks side by side and waits for all.
package enum ParallelFor {
    /// Calls `body(task, worker)` once for each task in `0..<count`, on at most `threadCount` threads. `worker` is
    /// below `threadCount` and never used by two tasks at once, so it can select scratch memory. Tasks are
    /// taken in order.
    package static func run(
        count: Int, threadCount: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void
    ) {
        let workers = min(count, threadCount)
        guard workers > 1 else {
            for task in 0..<count { body(task, 0) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            while true {
                let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard task < count else { return }
                body(task, worker)
            }
        }
    }
}
