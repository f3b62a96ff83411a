import Kernels
import Synchronization
import Testing

@Suite struct ParallelForTests {
    @Test(arguments: [0, 1, 2, 7, 1000], [1, 2, 3, 16]) func everyTaskRunsOnce(count: Int, threadCount: Int) {
        let visits = Mutex([Int](repeating: 0, count: count))
        let isValidWorker = Atomic(true)
        ParallelFor.run(count: count, threadCount: threadCount) { task, worker in
            if worker < 0 || worker >= threadCount { isValidWorker.store(false, ordering: .relaxed) }
            visits.withLock { $0[task] += 1 }
        }
        #expect(visits.withLock { $0.allSatisfy { $0 == 1 } })
        let allValid = isValidWorker.load(ordering: .relaxed)
        #expect(allValid)
    }

    /// A worker's scratch is never used by two tasks at once.
    @Test func workersDoNotOverlap() {
        let busy = Mutex(Set<Int>())
        let overlaps = Atomic(0)
        ParallelFor.run(count: 500, threadCount: 4) { _, worker in
            if !busy.withLock({ $0.insert(worker).inserted }) { overlaps.add(1, ordering: .relaxed) }
            _ = busy.withLock { $0.remove(worker) }
        }
        let overlapCount = overlaps.load(ordering: .relaxed)
        #expect(overlapCount == 0)
    }
}
