import Kernels
import Synchronization
import Testing

@Suite struct WorkerTeamTests {
    /// Counts visits and sees whether a worker's scratch could be used by two tasks at once.
    private final class Visits: ParallelWork {
        let counts: Mutex<[Int]>
        let busy = Mutex(Set<Int>())
        let faultCount = Atomic(0)
        let threadCount: Int

        init(count: Int, threadCount: Int) {
            counts = Mutex([Int](repeating: 0, count: count))
            self.threadCount = threadCount
        }

        func run(task: Int, worker: Int) {
            let isFree = busy.withLock { $0.insert(worker).inserted }
            if !isFree || worker < 0 || worker >= threadCount { faultCount.add(1, ordering: .relaxed) }
            counts.withLock { $0[task] += 1 }
            _ = busy.withLock { $0.remove(worker) }
        }
    }

    @Test(arguments: [0, 1, 2, 7, 1000], [-1, 1, 2, 3, 16])
    func everyTaskRunsOnce(count: Int, threadCount: Int) {
        let team = WorkerTeam(threadCount: threadCount)
        let visits = Visits(count: count, threadCount: max(1, threadCount))
        team.run(count: count, visits)
        #expect(visits.counts.withLock { $0.allSatisfy { $0 == 1 } })
        let faultCount = visits.faultCount.load(ordering: .relaxed)
        #expect(faultCount == 0)
    }

    /// Call after call, of few tasks, so that helpers often come too late for the one that woke them.
    @Test(arguments: [2, 5]) func manyShortCalls(threadCount: Int) {
        let team = WorkerTeam(threadCount: threadCount)
        for call in 0..<3000 {
            let visits = Visits(count: call % 4, threadCount: threadCount)
            team.run(count: call % 4, visits)
            let isRight = visits.counts.withLock { $0.allSatisfy { $0 == 1 } }
            let faultCount = visits.faultCount.load(ordering: .relaxed)
            #expect(isRight && faultCount == 0)
        }
    }

    /// A team goes while its helpers sleep, or before they have begun.
    @Test func manyShortLives() {
        for threadCount in [2, 4] {
            for life in 0..<100 {
                let team = WorkerTeam(threadCount: threadCount)
                guard life % 2 == 0 else { continue }
                let visits = Visits(count: 3, threadCount: threadCount)
                team.run(count: 3, visits)
                #expect(visits.counts.withLock { $0 == [1, 1, 1] })
            }
        }
    }
}
