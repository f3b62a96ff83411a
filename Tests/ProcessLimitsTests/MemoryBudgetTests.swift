import Dispatch
import ProcessLimits
import Synchronization
import TestSupport
import Testing

@Suite("Memory budget")
struct MemoryBudgetTests {
    @Test("the sum of what is reserved stays within the budget")
    func bounded() {
        let budget = MemoryBudget(byteCount: 100)
        let inside = Atomic<Int>(0)
        let largest = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 200) { index in
            let size = 10 + index % 60
            budget.reserving(size) {
                let now = inside.wrappingAdd(size, ordering: .relaxed).newValue
                largest.max(now, ordering: .relaxed)
                inside.wrappingSubtract(size, ordering: .relaxed)
            }
        }
        #expect(largest.load(ordering: .relaxed) <= 100)
        #expect(budget.reserved == 0)
    }

    @Test("what is larger than the budget is never let in")
    func oversized() {
        let budget = MemoryBudget(byteCount: 10)
        #expect(budget.reserving(11) { Issue.record("let in") } == nil)
        #expect(budget.reserving(10) { budget.reserved } == 10)
    }

    @Test("after a shortage fewer work at a time, and more again after successes")
    func shortage() {
        struct Short: Error {}
        let budget = MemoryBudget(byteCount: 80)
        /// Whether two of 40 fit at the same time.
        func twoFit() -> Bool {
            let group = DispatchGroup()
            let hasEnded = Atomic<Bool>(false)
            let fit = budget.reserving(40) {
                DispatchQueue.global().async(group: group) {
                    budget.reserving(40) { hasEnded.store(true, ordering: .relaxed) }
                }
                #expect(waitUntil { budget.waitingCount == 1 || hasEnded.load(ordering: .relaxed) })
                return hasEnded.load(ordering: .relaxed)
            }
            group.wait()
            return fit == true
        }
        #expect(twoFit())
        budget.reserving(40) {
            #expect(throws: Short.self) {
                try budget.reserving(40, isShortage: { _ in true }) { () throws(Short) in throw Short() }
            }
        }
        #expect(!twoFit())
        // Alone, anything is let in.
        #expect(budget.reserving(80) { true } == true)
        for _ in 0..<8 { budget.reserving(1) {} }
        #expect(twoFit())
    }

    @Test("a large one is not passed over")
    func order() {
        let budget = MemoryBudget(byteCount: 10)
        let order = Mutex<[Int]>([])
        let started = DispatchSemaphore(value: 0)
        let group = DispatchGroup()
        budget.reserving(5) {
            DispatchQueue.global().async(group: group) {
                started.signal()
                budget.reserving(10) { order.withLock { $0.append(1) } }
            }
            started.wait()
            #expect(waitUntil { budget.waitingCount == 1 })
            // There would be room for this one, but the large one came first.
            DispatchQueue.global().async(group: group) {
                budget.reserving(1) { order.withLock { $0.append(2) } }
            }
            #expect(waitUntil { budget.waitingCount == 2 })
            order.withLock { $0.append(0) }
        }
        group.wait()
        #expect(order.withLock { $0 } == [0, 1, 2])
    }

    @Test("errors come through and give the room back")
    func failure() {
        struct Broken: Error {}
        let budget = MemoryBudget(byteCount: 10)
        #expect(throws: Broken.self) { try budget.reserving(10) { () throws(Broken) in throw Broken() } }
        #expect(budget.reserved == 0)
    }

    @Test("who waits is told about once a second, so that waiting is no hanging")
    func heartbeat() {
        let budget = MemoryBudget(byteCount: 10)
        let beats = Atomic<Int>(0)
        let group = DispatchGroup()
        budget.reserving(10) {
            DispatchQueue.global().async(group: group) {
                budget.reserving(1, onWait: { beats.wrappingAdd(1, ordering: .relaxed) }) {}
            }
            #expect(waitUntil { beats.load(ordering: .relaxed) > 0 })
        }
        group.wait()
        #expect(beats.load(ordering: .relaxed) >= 1)
    }
}
