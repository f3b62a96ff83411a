import Files
import Foundation
import ProcessLimits
import Restoration
import Service
import Synchronization
import TestSupport
import Testing

@Suite struct BundlerTests {
    @Test func aBundleIsDueFromTheFirstPictureTakenToTheBundle() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        let bundler = Bundler(place.configuration, logger: RecordedLog().logger)
        #expect(!bundler.isDue)
        #expect(try bundler.writeIfDue() == nil)
        bundler.noteWork()
        #expect(bundler.isDue)
        // As a process that was killed leaves it: another one sees it.
        #expect(Bundler(place.configuration, logger: RecordedLog().logger).isDue)
        #expect(try bundler.writeIfDue() == 1)
        #expect(!bundler.isDue)
        bundler.noteWork()
        #expect(bundler.isDue)
    }

    /// Pictures go on coming while a bundle is written.
    @Test func aPictureInHandLeavesItDue() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        let bundler = Bundler(place.configuration, logger: RecordedLog().logger)
        let inHand = Atomic(1)
        bundler.countInHand { inHand.load(ordering: .relaxed) }
        bundler.noteWork()
        #expect(try bundler.writeIfDue() == 1)
        #expect(bundler.isDue)
        inHand.store(0, ordering: .relaxed)
        #expect(try bundler.writeIfDue() == 1)
        #expect(!bundler.isDue)
    }

    /// The next bundle waits for twenty times as long as the last one took, but not at a stop.
    @Test func aSlowBundleIsNotWrittenSoonAgain() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        let log = RecordedLog()
        let budget = MemoryBudget(byteCount: 1 << 30)
        let bundler = Bundler(place.configuration, budget: budget, logger: log.logger)
        func writtenCount() -> Int { log.all.count { $0.contains("bundle written") } }
        // What is reserved elsewhere makes it wait.
        let isSlow = Atomic(true)
        let holder = Thread {
            budget.reserving(1 << 30) { while isSlow.load(ordering: .relaxed) { usleep(1000) } }
        }
        holder.start()
        try await wait { budget.reserved > 0 }
        bundler.noteWork()
        bundler.request()
        usleep(200_000)
        isSlow.store(false, ordering: .relaxed)
        // Four seconds from now on. A task that slept might get its thread back later than that.
        while writtenCount() == 0 { usleep(1000) }
        bundler.noteWork()
        bundler.request()
        usleep(1_000_000)
        #expect(writtenCount() == 1 && bundler.isDue)
        bundler.finish(within: .seconds(5))
        #expect(writtenCount() == 2 && !bundler.isDue)
    }

    /// A stop does not begin what takes longer than it may.
    @Test func aStopLeavesALongBundleToTheNextStart() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        let log = RecordedLog()
        let bundler = Bundler(place.configuration, logger: log.logger)
        bundler.noteWork()
        bundler.request()
        try await wait { !bundler.isDue }
        bundler.noteWork()
        bundler.finish(within: .zero)
        #expect(bundler.isDue)
        #expect(log.all.contains { $0.contains("the next start writes it") })
    }

    @Test func nothingRestoredIsNothingToBundle() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(
            atPath: place.configuration.spoolLayout.spool.description, withIntermediateDirectories: false)
        let bundler = Bundler(place.configuration, logger: RecordedLog().logger)
        bundler.noteWork()
        #expect(try bundler.writeIfDue() == nil)
        #expect(!bundler.isDue)
        #expect(place.names("out").isEmpty)
    }

    @Test func whatAKilledRunWasWritingIsSwept() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        let bundler = Bundler(place.configuration, logger: RecordedLog().logger)
        bundler.noteWork()
        for name in [".pred.npz.12-1.tmp", ".submission.zip.12-2.tmp", ".other.tmp", ".pred.npz.keep"] {
            try place.folder.write([1], to: "out/\(name)")
        }
        bundler.sweep()
        let hidden = try FileManager.default.contentsOfDirectory(atPath: place.folder.path("out"))
            .filter { $0.hasPrefix(".") }.sorted()
        #expect(hidden == [".other.tmp", ".pred.npz.keep"])
    }

    @Test func aMarkerThatAKilledRunWasWritingIsSweptEvenWhereNothingIsDue() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        let remnant = "\(place.configuration.spoolLayout.spool)/.bundle-due.12-1.tmp"
        _ = FileManager.default.createFile(atPath: remnant, contents: nil)
        let bundler = Bundler(place.configuration, logger: RecordedLog().logger)
        #expect(!bundler.isDue)
        bundler.sweep()
        #expect(!FileManager.default.fileExists(atPath: remnant))
    }

    @Test func whereItIsOffNothingIsDue() throws {
        var place = try Workplace()
        place.configuration.bundle = false
        let bundler = Bundler(place.configuration, logger: RecordedLog().logger)
        bundler.noteWork()
        #expect(!bundler.isDue)
    }

    @Test func aFolderThatCannotBeWrittenLeavesItDue() async throws {
        var place = try Workplace()
        try place.deliver("a.png")
        place.configuration.bundle = false
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        place.configuration.bundle = true
        place.configuration.bundleFolder = Path(place.folder.path("absent"))
        let log = RecordedLog()
        let bundler = Bundler(place.configuration, logger: log.logger)
        bundler.noteWork()
        bundler.request()
        try await wait { log.all.contains { $0.contains("cannot write the bundle") } }
        #expect(bundler.isDue)
    }

    @Test func aPictureThatTheDiskRefusesLeavesItDueAndADamagedOneDoesNot() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        let bundler = Bundler(place.configuration, logger: RecordedLog().logger)
        bundler.noteWork()
        // A regular file whose first byte is an I/O error, for root too.
        try FileManager.default.createSymbolicLink(
            atPath: place.folder.path("out/refused.png"), withDestinationPath: "/proc/self/mem")
        #expect(throws: FileError.self) { try bundler.writeIfDue() }
        #expect(bundler.isDue)
        try FileManager.default.removeItem(atPath: place.folder.path("out/refused.png"))
        try place.folder.write([1, 2, 3], to: "out/damaged.png")
        #expect(try bundler.writeIfDue() == 1)
        #expect(!bundler.isDue)
    }
}
