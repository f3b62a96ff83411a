import Kernels
import Synchronization
import Testing

@Suite struct WorkerTeamTests {
    /// Counts visits and sees whether a worker's scratch could be used by two tasks at once.
    private final class Visits: Sendable {
        let counts: Mutex<[Int]>
        let busy = Mutex(Set<Int>())
        let faultCount = Atomic(0)
        let workerCount: Int

        init(count: Int, workerCount: Int) {
            counts = Mutex([Int](repeating: 0, count: count))
            self.workerCount = workerCount
        }

        func visit(_ task: Int, _ worker: Int) {
            let isFree = busy.withLock { $0.insert(worker).inserted }
            if !isFree || worker < 0 || worker >= workerCount { faultCount.add(1, ordering: .relaxed) }
            counts.withLock { $0[task] += 1 }
            _ = busy.withLock { $0.remove(worker) }
        }

        var isRight: Bool {
            counts.withLock { $0.allSatisfy { $0 == 1 } } && faultCount.load(ordering: .relaxed) == 0
        }
    }

    @Test(arguments: [0, 1, 2, 7, 1000], [-1, 1, 2, 3, 16])
    func everyTaskRunsOnce(count: Int, threadCount: Int) {
        let team = WorkerTeam(threadCount: threadCount)
        let visits = Visits(count: count, workerCount: max(1, threadCount))
        team.run(count: count) { visits.visit($0, $1) }
        let isRight = visits.isRight
        #expect(isRight)
    }

    /// No more threads than the limit come in, and their numbers are below it, whoever of the team they are.
    @Test(arguments: [0, 1, 2, 3, 4, 9]) func limited(limit: Int) {
        let team = WorkerTeam(threadCount: 4)
        for _ in 0..<300 {
            let visits = Visits(count: 20, workerCount: max(1, min(limit, 4)))
            team.run(count: 20, limit: limit) { visits.visit($0, $1) }
            let isRight = visits.isRight
            #expect(isRight)
        }
    }

    /// Call after call, of few tasks, so that helpers often come too late for the one that woke them.
    @Test(arguments: [2, 5]) func manyShortCalls(threadCount: Int) {
        let team = WorkerTeam(threadCount: threadCount)
        for call in 0..<3000 {
            let visits = Visits(count: call % 4, workerCount: threadCount)
            team.run(count: call % 4) { visits.visit($0, $1) }
            let isRight = visits.isRight
            #expect(isRight)
        }
    }

    /// Calls with pauses between them, in which the helpers fall asleep, or are just about to.
    @Test func callsWithPauses() {
        let team = WorkerTeam(threadCount: 3)
        for call in 0..<400 {
            let visits = Visits(count: 3, workerCount: 3)
            team.run(count: 3) { task, worker in
                if call % 3 == 0 { busyWait(microseconds: call % 100) }
                visits.visit(task, worker)
            }
            busyWait(microseconds: call % 90)
            let isRight = visits.isRight
            #expect(isRight)
        }
    }

    /// Tasks of one team that hand out work to teams of their own.
    @Test func nested() {
        let outer = WorkerTeam(threadCount: 2)
        let inner = [WorkerTeam(threadCount: 2), WorkerTeam(threadCount: 3)]
        let visits = (0..<8).map { _ in Visits(count: 30, workerCount: 3) }
        outer.run(count: 8) { task, worker in
            inner[worker].run(count: 30) { visits[task].visit($0, $1) }
        }
        #expect(visits.allSatisfy { $0.isRight })
    }

    /// What a closure captured reaches every thread: values of many words, and references, which outlive the call.
    @Test func captures() {
        let team = WorkerTeam(threadCount: 3)
        let (words, text) = ((1.5, 2, 3, 4, 5, 6.25), Array("captured".utf8))
        let found = Mutex(0)
        for _ in 0..<200 {
            team.run(count: 5) { task, _ in
                let isRight = words.0 == 1.5 && words.5 == 6.25 && text.count == 8 && text[task] > 0
                found.withLock { $0 += isRight ? 1 : 0 }
            }
        }
        #expect(found.withLock { $0 == 1000 })
    }

    /// A team goes while its helpers sleep, or before they have begun.
    @Test func manyShortLives() {
        for threadCount in [2, 4] {
            for life in 0..<100 {
                let team = WorkerTeam(threadCount: threadCount)
                guard life % 2 == 0 else { continue }
                let visits = Visits(count: 3, workerCount: threadCount)
                team.run(count: 3) { visits.visit($0, $1) }
                let isRight = visits.isRight
                #expect(isRight)
            }
        }
    }

    private func busyWait(microseconds: Int) {
        let end = ContinuousClock.now + .microseconds(microseconds)
        while ContinuousClock.now < end {}
    }
}
