import Files
import Foundation
import Spool
import Testing

@Suite("Retention", .inTurn)
struct RetentionTests {
    /// Now and `days` later, as the wall clock tells.
    private func time(days: Int = 0) -> Duration { systemClock().wall + .seconds(days * 86_400) }

    /// By age, as long as something goes: an hour later each time.
    private func pruneByAge(
        _ disk: SpoolDisk, _ top: Keeping, _ limits: RetentionLimits, days: Int
    ) throws -> (fileCount: Int, byteCount: Int) {
        var sum = (fileCount: 0, byteCount: 0)
        for hour in 0..<1000 {
            let time = time(days: days) + .seconds(hour * 3600)
            let pruned = try disk.prune(top, to: limits, at: time, by: .synchronized)
            sum.fileCount += pruned.fileCount
            sum.byteCount += pruned.byteCount
            if pruned.fileCount == 0 { return sum }
        }
        return sum
    }

    private func fixture() async throws -> (SpoolFixture, SpoolDisk) {
        let spool = try SpoolFixture()
        try spool.makeFolder("in/sub")
        for name in ["a.png", "sub/b.png"] {
            try spool.deliver(name, "one.")
            try await runOnce(spool.options)
        }
        try spool.deliver("a.png", "another.")
        try spool.deliver("bad.png", "bad.")
        try await runOnce(spool.options)
        return (spool, try SpoolDisk(spool.options))
    }

    @Test func nothingIsRemovedUnlessItIsAskedFor() async throws {
        let (spool, disk) = try await fixture()
        #expect(try disk.prune(.archive, to: RetentionLimits(), at: time(days: 1000)).fileCount == 0)
        #expect(
            try disk.prune(.archive, to: RetentionLimits(age: .seconds(86_400)), at: time()).fileCount == 0)
        #expect(spool.tree("spool/archive").count == 3)
    }

    @Test func whatIsOldGoesWithItsFolders() async throws {
        let (spool, disk) = try await fixture()
        let pruned = try pruneByAge(disk, .archive, RetentionLimits(age: .seconds(86_400)), days: 2)
        #expect(pruned.fileCount == 3 && pruned.byteCount == 16)
        #expect(try FileManager.default.contentsOfDirectory(atPath: spool.path("spool/archive")).isEmpty)
        #expect(spool.tree("spool/failed").count == 2)
    }

    /// A clock that is a year ahead makes everything look old.
    @Test func aWrongClockDoesNotEmptyTheArchive() throws {
        let spool = try SpoolFixture()
        let disk = try SpoolDisk(spool.options)
        for index in 0..<50 { try spool.write("one.", to: "spool/archive/\(index).png") }
        let limits = RetentionLimits(age: .seconds(30 * 86_400))
        let wrong = try disk.prune(.archive, to: limits, at: time(days: 365), by: .unsynchronized)
        #expect(wrong.fileCount == 0 && wrong.heldBackCount == 50)
        // Where nobody says whether the clock is right, and where it is said wrongly: a tenth, and once in an hour,
        // however often the process starts.
        for state in [ClockState.unknown, .synchronized, .synchronized] {
            _ = try disk.prune(.archive, to: limits, at: time(days: 365), by: state)
        }
        // The stamp bears the present's time, so that a year later is no hour after it.
        #expect(spool.tree("spool/archive").count == 50 - 5 - 4 - 4)
        try touchStamp(spool, time: time(days: 365))
        let soon = try disk.prune(
            .archive, to: limits, at: time(days: 365) + .seconds(3500), by: .synchronized)
        #expect(soon.fileCount == 0 && soon.heldBackCount == 37)
        let later = try disk.prune(
            .archive, to: limits, at: time(days: 365) + .seconds(3700), by: .synchronized)
        #expect(later.fileCount == 3 && later.heldBackCount == 34)
        // The size is no matter of the clock.
        let size = RetentionLimits(age: .seconds(30 * 86_400), byteCount: 40)
        #expect(try disk.prune(.archive, to: size, at: time(days: 365), by: .unsynchronized).fileCount == 24)
    }

    /// Somebody else's files in the outbox, and outputs that somebody has changed, stay.
    @Test func onlyTheSpoolsOwnOutputsGo() async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("in/sub")
        for name in ["a.png", "sub/b.png", "c.png", "d.png"] { try spool.deliver(name, "one.") }
        try await runOnce(spool.options)
        let disk = try SpoolDisk(spool.options)
        // A picture of his own, a copy of an output, one that he changed, a file that is no picture, and a link.
        try spool.write("mine", to: "out/mine.png")
        #expect(
            system("cp --preserve=all '\(spool.path("out/c.png"))' '\(spool.path("out/copy.png"))'") == 0)
        try spool.write("restored by hand", to: "out/d.png")
        try spool.write("notes", to: "out/notes.txt")
        try FileManager.default.createSymbolicLink(
            atPath: spool.path("out/link.png"), withDestinationPath: spool.path("out/c.png"))
        let pruned = try pruneByAge(disk, .outbox, RetentionLimits(age: .seconds(86_400)), days: 2)
        #expect(pruned.fileCount == 3)
        #expect(spool.tree("out").keys.sorted() == ["copy.png", "d.png", "mine.png", "notes.txt"])
        #expect(FileManager.default.fileExists(atPath: spool.path("out/sub")))
        let size = RetentionLimits(byteCount: 1)
        #expect(try disk.prune(.outbox, to: size, at: time()).fileCount == 0)
        #expect(spool.tree("spool/archive").count == 4)
    }

    private func touchStamp(_ spool: SpoolFixture, time: Duration) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(time.components.seconds))],
            ofItemAtPath: spool.path("spool/records/.aged-archive"))
    }

    /// However long the machine has run: a day begins with the first line.
    @Test(arguments: [10, 83_000, 86_399, 100_000])
    func whatIsHeldBackIsSaidOnce(uptime: Int) async throws {
        let spool = try SpoolFixture()
        try await runOnce(spool.options)
        for index in 0..<20 { try spool.write("one.", to: "spool/archive/\(index).png") }
        var options = spool.options
        options.archiveLimits.age = .zero
        options.clockState = { .unsynchronized }
        let (log, clock) = (LogRecorder(), TestClock(uptime: .seconds(uptime)))
        let engine = try SpoolEngine(options, logger: log.logger, clock: clock.time)
        for _ in 0..<5 {
            clock.advance(by: .seconds(700))
            engine.wake()
        }
        #expect(log.lines(of: .pruneHeldBack).map { $0["files"] } == ["20"])
        clock.advance(by: .seconds(86_400))
        engine.wake()
        #expect(log.lines(of: .pruneHeldBack).map { $0["files"] } == ["20", "20"])
        #expect(spool.tree("spool/archive").count == 20)
    }

    @Test func beyondTheSizeTheOldestGoFirst() async throws {
        let (spool, disk) = try await fixture()
        let pruned = try disk.prune(.archive, to: RetentionLimits(byteCount: 12), at: time())
        #expect(pruned.fileCount == 1)
        #expect(spool.tree("spool/archive").values.sorted() == ["another.", "one."])
        _ = try disk.prune(.archive, to: RetentionLimits(byteCount: 8), at: time())
        #expect(Array(spool.tree("spool/archive").values) == ["another."])
    }

    @Test func aFailedPictureGoesWithItsReason() async throws {
        let (spool, disk) = try await fixture()
        try spool.write("{}", to: "spool/failed/notes.json")
        try spool.write("mine.", to: "spool/failed/mine.png")
        let pruned = try pruneByAge(disk, .failed, RetentionLimits(age: .seconds(1)), days: 1)
        #expect(pruned.fileCount == 1)
        // Without a reason beside it, it is not the spool's.
        #expect(Set(spool.tree("spool/failed").keys) == ["notes.json", "mine.png"])
    }

    @Test func nothingElseIsTouchedAndNoLinkIsFollowed() async throws {
        let (spool, disk) = try await fixture()
        try spool.makeFolder("precious")
        try spool.write("x", to: "precious/p.png")
        try spool.write("x", to: "spool/archive/notes.txt")
        try spool.write("x", to: "spool/archive/.hidden.png")
        for (name, target) in [("link", "precious"), ("link.png", "precious/p.png"), ("inbox", "in")] {
            try FileManager.default.createSymbolicLink(
                atPath: spool.path("spool/archive/\(name)"), withDestinationPath: spool.path(target))
        }
        try spool.deliver("new.png", "new.")
        let pruned = try disk.prune(.archive, to: RetentionLimits(byteCount: 0), at: time(days: 9))
        #expect(pruned.fileCount == 3)
        #expect(spool.tree("precious") == ["p.png": "x"] && spool.tree("in") == ["new.png": "new."])
        let left = try FileManager.default.contentsOfDirectory(atPath: spool.path("spool/archive"))
        #expect(Set(left) == ["notes.txt", ".hidden.png", "link", "link.png", "inbox"])
    }

    @Test func aStartRemovesWhatItMay() async throws {
        let (spool, disk) = try await fixture()
        disk.release()
        var options = spool.options
        options.archiveLimits.byteCount = 0
        options.failedLimits.byteCount = 0
        try await runOnce(options)
        #expect(spool.tree("spool/archive").isEmpty && spool.tree("spool/failed").isEmpty)
        #expect(spool.tree("out").count == 2)
    }
}

@Suite("Old records", .inTurn)
struct RecordPruningTests {
    private func time(days: Int) -> Duration { systemClock().wall + .seconds(days * 86_400) }

    private func records(_ spool: SpoolFixture) -> Int {
        spool.tree("spool/records").keys.count { !$0.hasPrefix(".") }
    }

    private func restoreAsPNG(_ spool: SpoolFixture, _ options: SpoolOptions) async throws {
        try await runOnce(options) { outcome(of: $0, fileExtension: "png") }
    }

    @Test func recordsOfWhatIsGoneGo() async throws {
        let spool = try SpoolFixture()
        for name in ["a.jpg", "b.jpg", "c.jpg"] { try spool.deliver(name, "one.") }
        try await restoreAsPNG(spool, spool.options)
        #expect(records(spool) == 3)
        let disk = try SpoolDisk(spool.options)
        try spool.remove("out/a.png")
        try spool.remove("out/b.png")
        try spool.deliver("b.jpg", "again.")
        // Not before its time, and once a day.
        #expect(try disk.pruneRecords(at: time(days: 2), isAtWork: { _ in false }) == 0)
        #expect(try disk.pruneRecords(at: time(days: 31), isAtWork: { $0.text == "a.jpg" }) == 0)
        #expect(try disk.pruneRecords(at: time(days: 31), isAtWork: { _ in false }) == 1)
        // The stamp bears the present's time.
        #expect(try disk.pruneRecords(at: time(days: 0), isAtWork: { _ in false }) == 0)
        #expect(records(spool) == 2)
    }

    @Test func aKeptOriginalsRecordGoesWithIt() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.originals = .keep
        for name in ["a.png", "b.png"] { try spool.deliver(name, "one.") }
        try await runOnce(options)
        try spool.remove("in/a.png")
        let disk = try SpoolDisk(options)
        #expect(try disk.pruneRecords(at: time(days: 31), isAtWork: { _ in false }) == 1)
        disk.release()
        #expect(try await runOnce(options) == DrainReport(done: 0, failed: 0, remaining: 0))
    }

    /// An outbox that is not mounted looks empty: without the record, `a.png` would replace `a.jpg`'s output.
    @Test func anEmptyOutboxProvesNothing() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.jpg", "one.")
        try await restoreAsPNG(spool, spool.options)
        let disk = try SpoolDisk(spool.options)
        try spool.move("out", to: "away")
        try spool.makeFolder("out")
        #expect(try disk.pruneRecords(at: time(days: 31), isAtWork: { _ in false }) == 0)
        #expect(records(spool) == 1)
    }
}
