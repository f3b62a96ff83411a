import Files
import Foundation
import Spool
import Synchronization
import Testing

@Suite("Recovery from what is on the disk", .inTurn)
struct RecoveryTests {
    /// Every state a dead process can leave for one picture, made by hand: files, and what comes of it.
    @Test(arguments: [
        ["in/a.png": "one."],
        ["spool/claimed/1/a.png": "one."],
        ["spool/claimed/2/a.png": "one."],
        ["spool/waiting/0/a.png": "one."],
        ["spool/waiting/2/a.png": "one."],
        // Staged, not published.
        ["spool/claimed/1/a.png": "one.", "out/STAGED-1-1": "restored on"],
        // Published, not archived.
        ["spool/claimed/1/a.png": "one.", "out/a.png": "restored one."],
        // Archived: nothing is left to do.
        ["spool/archive/a.png": "one.", "out/a.png": "restored one."],
        // A reason was written, its picture not yet moved; it turned out well after all.
        ["spool/claimed/1/a.png": "one.", "spool/failed/a.png.json": "{}"],
        ["spool/claimed/1/a.png": "one.", "spool/tmp/left": "over"],
    ])
    func goesOnToTheSameEnd(_ files: [String: String]) async throws {
        let spool = try SpoolFixture()
        // Learn the staging prefix from a spool that is opened and closed.
        let prefix = try stagingPrefix(spool)
        for (name, text) in files {
            let name = name.replacingOccurrences(of: "STAGED", with: prefix)
            try spool.makeFolder((name as NSString).deletingLastPathComponent)
            try spool.write(text, to: name)
        }
        let report = try await runOnce(spool.options)
        #expect(report.remaining == 0 && report.failed == 0)
        expectEnd(spool)
        // Nothing is done twice.
        #expect(try await runOnce(spool.options).done == 0)
        expectEnd(spool)
    }

    private func expectEnd(_ spool: SpoolFixture) {
        #expect(spool.tree("out") == ["a.png": "restored one."])
        #expect(spool.tree("spool/archive") == ["a.png": "one."])
        for place in ["in", "spool/claimed", "spool/waiting", "spool/failed", "spool/tmp"] {
            #expect(spool.tree(place).isEmpty, "\(place)")
        }
    }

    private func stagingPrefix(_ spool: SpoolFixture) throws -> String {
        let disk = try SpoolDisk(spool.options)
        let staged = try disk.stage([1], names: [])
        let name = try #require(spool.tree("out").keys.first)
        disk.discard(staged)
        return name.split(separator: "-").prefix(2).joined(separator: "-")
    }

    @Test(arguments: ["claimed/3", "waiting/3"])
    func crashesAreCountedAndBounded(_ place: String) async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("spool/\(place)/sub")
        try spool.write("kills.", to: "spool/\(place)/sub/a.png")
        try spool.deliver("b.png", "good.")
        let report = try await runOnce(spool.options)
        #expect(report == DrainReport(done: 1, failed: 1, remaining: 0))
        #expect(try spool.failureCode("sub/a.png") == "crashed")
    }

    /// Three at work at the same time, one of which ends the process at once, whenever it is begun.
    @Test func whatKillsTheProcessTakesNoNeighbourWithIt() throws {
        let spool = try SpoolFixture()
        for name in ["a", "kills", "z"] { try spool.deliver("\(name).png", "\(name).") }
        var options = spool.options
        options.concurrency = 3
        var runCount = 0
        while try endsInCrash(options) { runCount += 1 }
        // The first crash, with three at work, counts against none of them.
        #expect(runCount == 1 + options.maximumAttempts)
        #expect(spool.tree("out").keys.sorted() == ["a.png", "z.png"])
        #expect(try spool.failureCode("kills.png") == "crashed")
        #expect(spool.tree("spool/failed").count == 2)
    }

    /// Even where a single crash is enough, none is given up that was not alone.
    @Test(arguments: [1, 3]) func severalThatKillTheProcessAreFoundOneByOne(maximumAttempts: Int) throws {
        let spool = try SpoolFixture()
        for name in ["a", "kills1", "kills2", "kills3", "z"] { try spool.deliver("\(name).png", "\(name).") }
        var options = spool.options
        options.concurrency = 5
        options.maximumAttempts = maximumAttempts
        var runCount = 0
        while try endsInCrash(options) { runCount += 1 }
        #expect(runCount == 1 + 3 * maximumAttempts)
        #expect(spool.tree("out").keys.sorted() == ["a.png", "z.png"])
        for name in ["kills1.png", "kills2.png", "kills3.png"] {
            #expect(try spool.failureCode(name) == "crashed")
        }
        #expect(spool.tree("spool").keys.filter { $0.hasSuffix("png") }.count == 5)
        #expect(spool.read("spool/suspect") == nil)
    }

    /// What lay in `claimed/` when a process ended, the name in `suspect`, and the attempts that count.
    @Test(
        arguments: [
            (["1/a.png"], nil, ["a.png": 1]),
            (["1/a.png", "3/b.png"], nil, ["a.png": 0, "b.png": 2]),
            // b waits for its folder of the archive; a was alone in work.
            (["2/a.png", "1/b.png"], "a.png", ["a.png": 2, "b.png": 0]),
            // An old note.
            (["1/a.png", "1/b.png"], "c.png", ["a.png": 0, "b.png": 0]),
            (["1/a.png", "1/b.png"], "", ["a.png": 0, "b.png": 0]),
        ] as [([String], String?, [String: Int])])
    func aCrashCountsAgainstOneAtMost(
        _ claimed: [String], _ suspect: String?, _ expected: [String: Int]
    ) throws {
        let spool = try SpoolFixture()
        let disk = try SpoolDisk(spool.options)
        for name in claimed {
            try spool.makeFolder("spool/claimed/\(name.prefix(1))")
            try spool.write("one.", to: "spool/claimed/\(name)")
        }
        if let suspect { try spool.write(suspect, to: "spool/suspect") }
        let recovered = try disk.recover(except: { _ in false }, at: .zero)
        #expect(Dictionary(uniqueKeysWithValues: recovered.map { ($0.name.text, $0.attempts) }) == expected)
        #expect(recovered.filter { !$0.isSuspect }.isEmpty)
    }

    /// One process's life. - Returns: whether it was killed before all was done.
    private func endsInCrash(_ options: SpoolOptions) throws -> Bool {
        let clock = TestClock()
        let engine = try SpoolEngine(options, logger: silent, clock: clock.time)
        defer { engine.disk.release() }
        for _ in 0..<20 {
            let claims = engine.takeDeliveries().compactMap { delivery in
                if case .work(let claim) = delivery { claim } else { nil }
            }
            if claims.contains(where: { $0.name.text.hasPrefix("kills") }) { return true }
            for claim in claims {
                engine.finish(claim.id, outcome(of: claim))
            }
            clock.advance()
            engine.wake()
        }
        return false
    }

    @Test func whatCannotBeOpenedAnyMoreStopsNobody() throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("spool/waiting/1")
        try spool.write("one.", to: "spool/waiting/1/a.png")
        let opened = Atomic(0)
        let files = FileSystem(interceptingPaths: { call, path in
            guard call == .openFile, path.names.last?.text == "a.png" else { return nil }
            return opened.add(1, ordering: .relaxed).newValue == 1 ? .accessDenied : nil
        })
        let clock = TestClock()
        let engine = try SpoolEngine(spool.options, logger: silent, files: files, clock: clock.time)
        defer { engine.disk.release() }
        // A picture with attempts waits a moment after a start.
        clock.advance()
        engine.wake()
        #expect(try spool.failureCode("a.png") == "unreadable")
        #expect(engine.machine.pauseReason == nil)
    }

    /// One bad sector is not the disk's fault, and must end at some time.
    @Test func aReadErrorCountsAnAttempt() {
        let fault = FileError(.read, "a.png", .inputOutput)
        guard case .failed(let reason, retryable: true) = Outcome(.system(fault)) else {
            Issue.record("expected a failure that counts")
            return
        }
        #expect(reason.code == "unreadable")
        guard case .environment = Outcome(.system(FileError(.read, "a.png", .noMemory)))
        else {
            Issue.record("expected the environment's fault")
            return
        }
    }

    @Test func twinsAreKeptApart() async throws {
        let spool = try SpoolFixture()
        for place in ["claimed/1", "waiting/1", "waiting/2"] {
            try spool.makeFolder("spool/\(place)")
            try spool.write("\(place).", to: "spool/\(place)/a.png")
        }
        try await runOnce(spool.options)
        let kept = ["archive", "failed"].flatMap { place in
            spool.tree("spool/\(place)").filter { $0.key.hasSuffix("png") }.values
        }
        #expect(Set(kept) == ["claimed/1.", "waiting/1.", "waiting/2."])
    }

    @Test func emptyFoldersOfDeadClaimsAreRemoved() async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("spool/claimed/1/sub/deep")
        try spool.makeFolder("in/sub/deep")
        try spool.deliver("sub/deep/a.png", "one.")
        try await runOnce(spool.options)
        let left = FileManager.default.subpaths(atPath: spool.path("spool/claimed")) ?? []
        #expect(left == ["1"])
    }

    @Test func anotherSpoolsStagingIsLeftAlone() async throws {
        let spool = try SpoolFixture()
        try spool.write("half", to: "out/.promptir-0123456789abcdef-1-1")
        try await runOnce(spool.options)
        #expect(spool.tree("out").count == 1)
    }
}
