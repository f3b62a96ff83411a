import Foundation
import Spool
import Testing

/// The ways a picture gets into an inbox.
enum Delivery: String, CaseIterable, Sendable {
    case copy, rename, link, unnamedThenLinked, folderMovedIn, slowWriter, reopenedWriter, partialThenRenamed
    case newFolder, replacedInbox

    func deliver(to spool: SpoolFixture) async throws {
        switch self {
        case .copy: try spool.deliver("a.png", "whole.")
        case .rename:
            try spool.write("whole.", to: "outside.png")
            try spool.move("outside.png", to: "in/a.png")
        case .link:
            try spool.write("whole.", to: "outside.png")
            try FileManager.default.linkItem(
                atPath: spool.path("outside.png"), toPath: spool.path("in/a.png"))
        case .unnamedThenLinked: try linkUnnamed(spool)
        case .folderMovedIn:
            try spool.makeFolder("batch/inner")
            try spool.write("whole.", to: "batch/inner/a.png")
            try spool.move("batch", to: "in/batch")
        case .newFolder:
            try spool.makeFolder("in/batch/inner")
            try await Task.sleep(for: .milliseconds(100))
            try spool.deliver("batch/inner/a.png", "whole.")
        case .slowWriter: await write(spool, reopening: false)
        case .reopenedWriter: await write(spool, reopening: true)
        case .partialThenRenamed:
            try spool.deliver("a.png.part", "who")
            try await Task.sleep(for: .milliseconds(100))
            try spool.deliver("a.png.part", "whole.")
            try spool.move("in/a.png.part", to: "in/a.png")
        case .replacedInbox:
            try spool.move("in", to: "old")
            try spool.makeFolder("in")
            try spool.deliver("a.png", "whole.")
        }
    }

    /// Pauses longer than it takes to be thought complete, but shorter than a writer is waited for. On a thread of
    /// its own: tests that block may hold all threads of the tasks' pool, and a pause of a task then lasts seconds.
    private func write(_ spool: SpoolFixture, reopening: Bool) async {
        let path = spool.path("in/a.png")
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var file = fopen(path, "w")
                for character in "whole." {
                    fputs(String(character), file)
                    fflush(file)
                    if reopening { fclose(file) }
                    Thread.sleep(forTimeInterval: 0.12)
                    if reopening { file = fopen(path, "a") }
                }
                fclose(file)
                continuation.resume()
            }
        }
    }

    private func linkUnnamed(_ spool: SpoolFixture) throws {
        let temporary: Int32 = 0o20_200_000
        let file = open(spool.path("in"), O_WRONLY | temporary, 0o644)
        guard file >= 0 else { throw CocoaError(.fileWriteUnknown) }
        defer { close(file) }
        _ = "whole.".withCString { Glibc.write(file, $0, 6) }
        guard
            linkat(AT_FDCWD, "/proc/self/fd/\(file)", AT_FDCWD, spool.path("in/a.png"), AT_SYMLINK_FOLLOW)
                == 0
        else { throw CocoaError(.fileWriteUnknown) }
    }
}

@Suite("Delivery", .inTurn)
struct DeliveryTests {
    @Test(arguments: Delivery.allCases)
    func isTakenWholeWhileRunning(_ delivery: Delivery) async throws {
        let spool = try SpoolFixture()
        let running = try RunningSpool(options(spool))
        try await delivery.deliver(to: spool)
        #expect(try await running.reaches { $0.done == 1 }, "\(running.runner.snapshot)")
        await running.stop()
        try check(spool)
    }

    @Test(arguments: Delivery.allCases)
    func isTakenWholeAfterAStart(_ delivery: Delivery) async throws {
        let spool = try SpoolFixture()
        try await delivery.deliver(to: spool)
        #expect(try await runOnce(options(spool)).done == 1)
        try check(spool)
    }

    /// Inotify must do the work: the next scan is far away, but for a replaced inbox, which it hears of too.
    private func options(_ spool: SpoolFixture) -> SpoolOptions {
        var options = spool.options
        options.rescanInterval = .seconds(300)
        options.arrivalPatience = .seconds(3600)
        // A writer who closes is given this long to open the file again.
        options.settle = .milliseconds(1500)
        return options
    }

    private func check(_ spool: SpoolFixture) throws {
        #expect(Array(spool.tree("out").values) == ["restored whole."])
        #expect(Array(spool.tree("spool/archive").values) == ["whole."])
        #expect(spool.tree("in").isEmpty && spool.tree("spool/failed").isEmpty)
    }

    @Test func cutOffIsQuarantinedWhenNobodyGoesOn() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "cut of")
        try spool.deliver("empty.png", "")
        let report = try await runOnce(spool.options, patience: .seconds(3))
        #expect(report == DrainReport(done: 0, failed: 2, remaining: 0))
        #expect(try spool.failureCode("a.png") == "truncated")
    }

    @Test func cutOffRemainsWhenPatienceOfTheRunEnds() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "cut of")
        var options = spool.options
        // Longer than a starved test waits between the report and the stop.
        options.arrivalPatience = .seconds(3600)
        let report = try await runOnce(options, patience: .milliseconds(300))
        #expect(report == DrainReport(done: 0, failed: 0, remaining: 1))
        #expect(spool.tree("in") == ["a.png": "cut of"])
    }

    @Test func changeDuringWorkIsNoticed() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "first.")
        let report = try await runOnce(spool.options) { claim in
            let outcome = outcome(of: claim)
            // Its name has moved, but a writer may hold it open.
            let path = spool.path("spool/claimed/1/a.png")
            if spool.read("spool/claimed/1/a.png") == "first." {
                let file = fopen(path, "w")
                fputs("second.", file)
                fclose(file)
            }
            return outcome
        }
        #expect(report.done == 1)
        #expect(spool.tree("out") == ["a.png": "restored second."])
    }

    @Test func overflowIsCountedAndLosesNothing() throws {
        let spool = try SpoolFixture()
        let engine = try SpoolEngine(spool.options, logger: silent)
        engine.handle(.hold(true))
        for index in 0..<20_000 { try spool.deliver("\(index).png", "") }
        for _ in 0..<10 { engine.hear() }
        let counts = engine.snapshot()
        #expect(counts.overflows == 1)
        #expect(counts.arriving + counts.ready == 20_000)
    }

    @Test func lostInboxIsNoticedAndComesBack() async throws {
        let spool = try SpoolFixture()
        let running = try RunningSpool(spool.options)
        try spool.remove("in")
        #expect(try await running.reaches { !$0.isInboxPresent })
        try spool.makeFolder("in")
        #expect(try await running.reaches(\.isInboxPresent))
        try spool.deliver("a.png", "whole.")
        #expect(try await running.reaches { $0.done == 1 })
        await running.stop()
    }
}
