import Dispatch
import Images
import Restoration
import RestorationTestSupport
import Synchronization
import TestSupport
import Testing

@Suite("Restoration pool")
struct RestorationPoolTests {
    @Test("runs every job once, and beyond the cores one job at most", arguments: [1, 2, 4])
    func all(cores: Int) {
        let pool = RestorationPool(policy: PoolPolicy(coreCount: cores))
        let done = Mutex<[Int: Int]>([:])
        let inside = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        for index in 0..<300 {
            pool.submit("job \(index)") { worker in
                most.max(
                    inside.wrappingAdd(worker.coreCount, ordering: .relaxed).newValue, ordering: .relaxed)
                done.withLock { $0[index, default: 0] += 1 }
                inside.wrappingSubtract(worker.coreCount, ordering: .relaxed)
            }
        }
        pool.waitUntilIdle()
        #expect(done.withLock { $0 } == Dictionary(uniqueKeysWithValues: (0..<300).map { ($0, 1) }))
        // A job that came alone may have all cores when the next one starts: see `PoolPolicy`. One core has
        // one worker.
        #expect(most.load(ordering: .relaxed) <= (cores == 1 ? 1 : cores + 1))
    }

    @Test("one image gets all cores")
    func single() {
        let pool = RestorationPool(policy: PoolPolicy(coreCount: 4))
        let cores = Atomic<Int>(0)
        pool.submit("only") { cores.store($0.coreCount, ordering: .relaxed) }
        pool.waitUntilIdle()
        #expect(cores.load(ordering: .relaxed) == 4)
    }

    @Test("with one worker jobs run in order")
    func order() {
        let pool = RestorationPool(policy: PoolPolicy(coreCount: 2, workerCount: 1))
        let order = Mutex<[Int]>([])
        let begun = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        for index in 0..<5 {
            pool.submit("job \(index)") { _ in
                order.withLock { $0.append(index) }
                if index == 2 {
                    begun.signal()
                    release.wait()
                }
            }
        }
        begun.wait()
        #expect(pool.waitingCount == 2)
        #expect(pool.activity.map(\.job) == ["job 2"])
        release.signal()
        pool.waitUntilIdle()
        #expect(order.withLock { $0 } == [0, 1, 2, 3, 4])
        #expect(pool.activity.map(\.job) == [nil])
    }

    @Test("restoring beats, and the beats name the worker")
    func heartbeat() throws {
        let beats = Atomic<Int>(0)
        let pool = RestorationPool(policy: PoolPolicy(coreCount: 1)) { worker in
            #expect(worker == 0)
            beats.wrappingAdd(1, ordering: .relaxed)
        }
        let restorer = try TestModel.restorer()
        let file = try TestPictures.file()
        pool.submit("picture") { worker in
            #expect(throws: Never.self) { try worker.restore(file, with: restorer) }
        }
        pool.waitUntilIdle()
        #expect(beats.load(ordering: .relaxed) > 0)
        #expect(pool.activity[0].beatCount > 0)
    }

    @Test("a session is kept from image to image and let go when idle")
    func idleRelease() throws {
        let pool = RestorationPool(policy: PoolPolicy(coreCount: 1), idleRelease: .milliseconds(100))
        let restorer = try TestModel.restorer()
        let file = try TestPictures.file()
        #expect(pool.heldSessionCount == 0)
        for _ in 0..<3 {
            pool.submit("picture") { worker in
                #expect(throws: Never.self) { try worker.restore(file, with: restorer) }
            }
        }
        pool.waitUntilIdle()
        #expect(pool.heldSessionCount == 1)
        #expect(waitUntil { pool.heldSessionCount == 0 })
    }

    @Test("a large image's session is not kept")
    func largeIsReleased() throws {
        let pool = RestorationPool(policy: PoolPolicy(coreCount: 1))
        var options = RestorationOptions()
        options.memoryLimit = 8_000_000
        let restorer = try TestModel.restorer(options)
        let file = try TestPictures.file()
        pool.submit("picture") { worker in
            #expect(throws: Never.self) { try worker.restore(file, with: restorer) }
        }
        pool.waitUntilIdle()
        #expect(pool.heldSessionCount == 0)
    }

    @Test("the probe answers while workers are busy")
    func probe() {
        let pool = RestorationPool(policy: PoolPolicy(coreCount: 1))
        let release = DispatchSemaphore(value: 0)
        let answered = DispatchSemaphore(value: 0)
        pool.submit("busy") { _ in release.wait() }
        pool.probe { answered.signal() }
        #expect(answered.wait(timeout: .now() + .seconds(10)) == .success)
        release.signal()
        pool.waitUntilIdle()
    }

    @Test("many at once give the same bytes as one alone")
    func deterministic() throws {
        let restorer = try TestModel.restorer()
        let file = try TestPictures.file(width: 24, height: 16)
        let results = Mutex<Set<[UInt8]>>([])
        for cores in [1, 2] {
            let pool = RestorationPool(policy: PoolPolicy(coreCount: cores))
            for index in 0..<4 {
                pool.submit("\(index)") { worker in
                    let bytes = try? worker.restore(file, with: restorer).bytes
                    results.withLock { _ = $0.insert(bytes ?? []) }
                }
            }
            pool.waitUntilIdle()
        }
        #expect(results.withLock { $0.count == 1 && $0.first?.isEmpty == false })
    }
}
