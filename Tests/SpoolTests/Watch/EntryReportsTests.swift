import Files
import Foundation
import Spool
import Synchronization
import Testing

@Suite("Reports of what is not taken", .inTurn)
struct EntryReportsTests {
    private func rescan(_ engine: SpoolEngine, _ clock: TestClock) {
        for _ in 0..<3 {
            clock.advance(by: .seconds(25))
            engine.wake()
        }
    }

    @Test func aFolderFullOfOtherThingsIsReportedInOneLineAndOnce() throws {
        let spool = try SpoolFixture()
        for index in 0..<3000 { try spool.deliver("\(index).txt", "") }
        try spool.makeFolder("in/link.png")
        try FileManager.default.createSymbolicLink(
            atPath: spool.path("in/a.png"), withDestinationPath: "/nowhere")
        let (log, clock) = (LogRecorder(), TestClock())
        let engine = try SpoolEngine(spool.options, logger: log.logger, clock: clock.time)
        func lines() -> [[String: String]] { log.lines(of: .passedOver) }
        #expect(lines().compactMap { $0["count"] } == ["3000"])
        #expect(lines().compactMap { $0["reason"] }.contains("it is a symbolic link"))
        #expect(lines().count == 2 && engine.snapshot().passedOver == 3001)
        rescan(engine, clock)
        #expect(lines().count == 2)
        // One more is news; that it was heard of before the scan makes no second line.
        try spool.deliver("another.txt", "")
        engine.hear()
        rescan(engine, clock)
        #expect(lines().count == 3 && lines().last?["count"] == "3001")
        // So is another in the place of one.
        try spool.move("in/another.txt", to: "in/third.txt")
        rescan(engine, clock)
        #expect(lines().count == 4)
        rescan(engine, clock)
        #expect(lines().count == 4)
    }

    @Test func whatManyFoldersHoldIsReportedInABoundedNumberOfLines() throws {
        let spool = try SpoolFixture()
        for index in 0..<400 {
            try spool.makeFolder("in/\(index)")
            try spool.deliver("\(index)/a.txt", "")
        }
        let (log, clock) = (LogRecorder(), TestClock())
        let engine = try SpoolEngine(spool.options, logger: log.logger, clock: clock.time)
        #expect(log.lines(of: .passedOver).count == 101)
        #expect(log.lines(of: .passedOver).contains { $0["count"] == "300" })
        rescan(engine, clock)
        #expect(log.lines(of: .passedOver).count == 101 && engine.snapshot().passedOver == 400)
    }

    @Test func whatCannotBeLookedAtIsReportedInOneLineAndOnce() throws {
        let spool = try SpoolFixture()
        for index in 0..<500 { try spool.deliver("\(index).png", "good.") }
        // Of each list that is read, the entries cannot be looked at.
        let isShut = Atomic(false)
        let isListing = Atomic(false)
        let files = FileSystem { call in
            if call == .list { isListing.store(true, ordering: .relaxed) }
            if call == .openFolder { isListing.store(false, ordering: .relaxed) }
            let fails = isShut.load(ordering: .relaxed) && isListing.load(ordering: .relaxed)
            return call == .status && fails ? .accessDenied : nil
        }
        let (log, clock) = (LogRecorder(), TestClock())
        let engine = try SpoolEngine(spool.options, logger: log.logger, files: files, clock: clock.time)
        engine.handle(.hold(true))
        isShut.store(true, ordering: .relaxed)
        rescan(engine, clock)
        #expect(log.lines(of: .scanFailed).compactMap { $0["count"] } == ["500"])
        // Nothing was taken for gone.
        #expect(engine.snapshot().ready == 500)
    }

    @Test func picturesThatCannotBeTakenAreNamedUpToALimit() throws {
        let spool = try SpoolFixture()
        for index in 0..<200 { try spool.deliver("\(index).png", "good.") }
        let files = FileSystem { call in call == .openFile ? .accessDenied : nil }
        let (log, clock) = (LogRecorder(), TestClock())
        let engine = try SpoolEngine(spool.options, logger: log.logger, files: files, clock: clock.time)
        for _ in 0..<3 { rescan(engine, clock) }
        #expect(engine.snapshot().held == 200)
        #expect(log.lines(of: .refused).count == 10)
    }
}
