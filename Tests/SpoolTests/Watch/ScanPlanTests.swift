import Files
import Spool
import Synchronization
import Testing

@Suite("When the inbox is read again", .inTurn)
struct ScanPlanTests {
    /// A scan that takes a minute, in an inbox that is to be read every twenty seconds, for an hour.
    @Test(arguments: [false, true])
    func scanningTakesATenthOfTheTimeAtMost(isPolling: Bool) throws {
        let spool = try SpoolFixture()
        for index in 0..<60 { try spool.makeFolder("in/\(index)") }
        let clock = TestClock()
        let isSlow = Atomic(false)
        let scanTime = Atomic(0)
        let files = FileSystem { call in
            if call == .watch, isPolling { return .noSpace }
            guard call == .list, isSlow.load(ordering: .relaxed) else { return nil }
            scanTime.add(1, ordering: .relaxed)
            clock.advance(by: .seconds(1))
            return nil
        }
        let engine = try SpoolEngine(spool.options, logger: silent, files: files, clock: clock.time)
        isSlow.store(true, ordering: .relaxed)
        let begin = clock.time().monotonic
        while clock.time().monotonic - begin < .seconds(7200) {
            engine.wake()
            clock.advance(by: .seconds(1))
        }
        let share = Double(scanTime.load(ordering: .relaxed)) / 7200
        #expect((0.07...0.11).contains(share), "\(share)")
    }

    /// A disk that did not answer for an hour is no reason to look away for nine.
    @Test func theRestHasAnEnd() throws {
        let spool = try SpoolFixture()
        let clock = TestClock()
        let hangs = Atomic(false)
        let scanCount = Atomic(0)
        let files = FileSystem { call in
            guard call == .list else { return nil }
            scanCount.add(1, ordering: .relaxed)
            if hangs.exchange(false, ordering: .relaxed) { clock.advance(by: .seconds(3600)) }
            return nil
        }
        let engine = try SpoolEngine(spool.options, logger: silent, files: files, clock: clock.time)
        // Or the outbox would be listed as well.
        try spool.write("", to: "spool/records/.pruned")
        func scans() -> Int {
            let before = scanCount.load(ordering: .relaxed)
            engine.wake()
            return scanCount.load(ordering: .relaxed) - before
        }
        hangs.store(true, ordering: .relaxed)
        clock.advance(by: .seconds(30))
        #expect(scans() == 1)
        clock.advance(by: .seconds(500))
        #expect(scans() == 0)
        clock.advance(by: .seconds(101))
        #expect(scans() == 1)
    }
}
