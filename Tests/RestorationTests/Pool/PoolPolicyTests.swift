import Restoration
import TestSupport
import Testing

@Suite("Pool policy")
struct PoolPolicyTests {
    @Test(
        "many waiting: one core each; few: what there is to share",
        arguments: [
            // cores, workers, waiting, busy cores, busy workers, expected
            (2, 2, 1, 0, 0, 2), (2, 2, 2, 0, 0, 1), (2, 2, 100, 0, 0, 1), (2, 2, 100, 1, 1, 1),
            (2, 2, 100, 2, 2, nil),
            (2, 2, 1, 1, 1, 1), (8, 8, 3, 0, 0, 3), (8, 8, 2, 3, 1, 3), (8, 8, 1, 6, 2, 2),
            (8, 2, 100, 0, 0, 4),
            (8, 2, 99, 4, 1, 4), (8, 1, 100, 0, 0, 8), (8, 1, 100, 8, 1, nil), (1, 1, 5, 0, 0, 1),
            (4, 4, 0, 0, 0, nil),
            // All cores are busy, a worker is free: one more, and no second.
            (2, 2, 1, 2, 1, 1), (8, 8, 5, 8, 1, 1), (8, 8, 5, 9, 2, nil), (8, 8, 0, 8, 1, nil),
        ] as [(Int, Int, Int, Int, Int, Int?)])
    func table(cores: Int, workers: Int, waiting: Int, busyCores: Int, busyWorkers: Int, expected: Int?) {
        let policy = PoolPolicy(coreCount: cores, workerCount: workers)
        #expect(
            policy.coresForNext(waiting: waiting, busyCores: busyCores, busyWorkers: busyWorkers) == expected)
    }

    @Test("never more workers than cores")
    func bounds() {
        #expect(PoolPolicy(coreCount: 2, workerCount: 9).workerCount == 2)
        #expect(PoolPolicy(coreCount: 3).workerCount == 3)
    }

    @Test(
        "over random arrivals and ends: one image is beyond the cores at most, and no core idle while someone waits"
    )
    func simulation() {
        let random = Formula.uniform("pool policy", count: 40_000).map { 0.5 + 0.5 * $0 }
        var next = random.makeIterator()
        for cores in [1, 2, 3, 8, 64] {
            for workers in [1, 2, cores] {
                let policy = PoolPolicy(coreCount: cores, workerCount: workers)
                var waiting = 0
                var running: [Int] = []
                for _ in 0..<2000 {
                    let draw = next.next() ?? 0
                    if draw < 0.5 {
                        waiting += draw < 0.02 ? 50 : 1
                    } else if !running.isEmpty {
                        running.remove(at: Int(draw * 1e6) % running.count)
                    }
                    while let share = policy.coresForNext(
                        waiting: waiting, busyCores: running.reduce(0, +), busyWorkers: running.count)
                    {
                        running.append(share)
                        waiting -= 1
                        #expect(share >= 1)
                    }
                    #expect(
                        running.reduce(0, +) <= cores + 1 && running.count <= policy.workerCount
                            && waiting >= 0)
                    if waiting > 0, running.count < policy.workerCount {
                        #expect(running.reduce(0, +) == cores + 1)
                    }
                }
            }
        }
    }
}
