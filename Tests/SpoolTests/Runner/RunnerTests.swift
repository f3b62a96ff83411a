import Files
import Foundation
import Spool
import Synchronization
import TestSupport
import Testing

@Suite("The spool at work", .inTurn)
struct RunnerTests {
    @Test func batchIsRestoredAndArchived() async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("in/sub/deep")
        for index in 0..<20 { try spool.deliver("\(index).png", "picture \(index).") }
        try spool.deliver("sub/deep/a.JPG", "inner.")
        try spool.deliver("sub/bad.jpeg", "bad.")
        try spool.deliver("notes.txt", "not a picture.")
        let report = try await runOnce(spool.options)
        #expect(report == DrainReport(done: 21, failed: 1, remaining: 0))
        let out = spool.tree("out")
        #expect(out.count == 21)
        #expect(out["sub/deep/a.JPG"] == "restored inner.")
        #expect(spool.tree("spool/archive").count == 21)
        #expect(Set(spool.tree("spool/failed").keys) == ["sub/bad.jpeg", "sub/bad.jpeg.json"])
        #expect(spool.tree("in") == ["notes.txt": "not a picture."])
    }

    @Test func nothingToDoIsDoneAtOnce() async throws {
        let spool = try SpoolFixture()
        #expect(try await runOnce(spool.options) == DrainReport(done: 0, failed: 0, remaining: 0))
    }

    @Test func originalsAreDeleted() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.originals = .delete
        try spool.deliver("a.png", "one.")
        try await runOnce(options)
        #expect(spool.tree("in").isEmpty && spool.tree("spool/archive").isEmpty)
        #expect(spool.tree("out") == ["a.png": "restored one."])
    }

    @Test func keptOriginalsAreRestoredOnceAndAgainWhenTheyChange() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.originals = .keep
        try spool.makeFolder("in/sub")
        try spool.deliver("sub/a.png", "one.")
        #expect(try await runOnce(options).done == 1)
        #expect(spool.tree("in") == ["sub/a.png": "one."])
        #expect(try await runOnce(options) == DrainReport(done: 0, failed: 0, remaining: 0))
        try spool.deliver("sub/a.png", "another.")
        #expect(try await runOnce(options).done == 1)
        #expect(spool.tree("out") == ["sub/a.png": "restored another."])
    }

    @Test func sameNameAgainReplacesItsOutputAndKeepsBothOriginals() async throws {
        let spool = try SpoolFixture()
        for text in ["one.", "two.", "three."] {
            try spool.deliver("a.png", text)
            try await runOnce(spool.options)
        }
        #expect(spool.tree("out") == ["a.png": "restored three."])
        let archive = spool.tree("spool/archive")
        #expect(archive["a.png"] == "one." && archive.values.sorted() == ["one.", "three.", "two."])
        #expect(
            archive.keys.allSatisfy { $0 == "a.png" || $0.hasPrefix("again-2") && $0.hasSuffix("/a.png") })
    }

    @Test func outputsOfTwoSourcesNeverReplaceEachOther() async throws {
        let spool = try SpoolFixture()
        let sources = ["a.jpg", "a.jpeg", "a.png", "a.JPG", "a.jpg.png"]
        for round in 0..<3 {
            for name in sources { try spool.deliver(name, "\(name) \(round).") }
            let report = try await runOnce(spool.options) { outcome(of: $0, fileExtension: "png") }
            #expect(report.done == sources.count)
            let out = spool.tree("out")
            #expect(
                Set(out.values) == Set(sources.map { "restored \($0) \(round)." }), "round \(round): \(out)")
            #expect(out.count == sources.count)
        }
    }

    @Test func retriesEndInQuarantineWithTheReason() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "try again.")
        try spool.deliver("b.png", "good.")
        #expect(try await runOnce(spool.options) == DrainReport(done: 1, failed: 1, remaining: 0))
        let data = Data((spool.read("spool/failed/a.png.json") ?? "").utf8)
        let reason = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(reason["schema"] as? String == "promptir-failure/1")
        #expect(reason["file"] as? String == "a.png")
        #expect(reason["code"] as? String == "memory")
        #expect(reason["message"] as? String == "no memory")
        #expect(reason["attempts"] as? Int == 3)
        #expect(reason["byte_count"] as? Int == 10)
        #expect((reason["versions"] as? [String: String]) == ["promptir": "test"])
        #expect((reason["time"] as? String)?.hasSuffix("Z") == true)
    }

    @Test func secondProcessIsToldWhoHoldsTheLock() async throws {
        let spool = try SpoolFixture()
        let first = try RunningSpool(spool.options)
        let lock = spool.path("spool/lock")
        let name = try String(contentsOfFile: "/proc/self/comm", encoding: .utf8).dropLast()
        let holder = LockHolder.process(pid: Int(getpid()), name: String(name))
        #expect(throws: SpoolError.locked(path: Path(lock), holder: holder)) {
            try RunningSpool(spool.options)
        }
        await first.stop()
        let second = try RunningSpool(spool.options)
        await second.stop()
    }

    @Test(arguments: [
        ("in", "in/out", "spool"), ("in", "out", "in/spool"), ("out/in", "out", "spool"), ("in", "in", "s"),
    ])
    func overlappingFoldersAreRefused(_ inbox: String, _ outbox: String, _ root: String) throws {
        let spool = try SpoolFixture()
        for name in [inbox, outbox] { try spool.makeFolder(name) }
        var options = spool.options
        options.layout = SpoolLayout(
            inbox: Path(spool.path(inbox)), outbox: Path(spool.path(outbox)), spool: Path(spool.path(root)))
        #expect(throws: SpoolError.self) { try RunningSpool(options) }
    }

    @Test func hiddenSpoolMayLieInTheInbox() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.layout = SpoolLayout(
            inbox: Path(spool.path("in")), outbox: Path(spool.path("out")),
            spool: Path(spool.path("in/.spool")))
        try spool.deliver("a.png", "one.")
        #expect(try await runOnce(options) == DrainReport(done: 1, failed: 0, remaining: 0))
        #expect(spool.tree("in/.spool/archive") == ["a.png": "one."])
    }

    @Test func spoolOnAnotherFilesystemIsRefused() throws {
        let spool = try SpoolFixture()
        var options = spool.options
        let elsewhere = NSTemporaryDirectory() + "/promptir-elsewhere-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: elsewhere) }
        options.layout = SpoolLayout(
            inbox: Path(spool.path("in")), outbox: Path(spool.path("out")), spool: Path(elsewhere))
        guard spool.root.hasPrefix("/dev/shm") else { return }
        #expect(
            throws: SpoolError.notOnInboxFilesystem(spool: Path(elsewhere), inbox: Path(spool.path("in")))
        ) {
            try RunningSpool(options)
        }
    }

    @Test func stopGivesBackWhatIsNotFinished() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "one.")
        let pending = Mutex<(@Sendable () -> Void)?>(nil)
        let runner = SpoolRunner(spool.options, logger: silent) { claim, completion in
            pending.withLock { $0 = { completion(claim.stage(Array("late.".utf8))) } }
        }
        try runner.start()
        try await wait { runner.snapshot.active > 0 }
        #expect(spool.tree("spool/claimed") == ["1/a.png": "one."])
        await runner.stop(within: .milliseconds(50))
        #expect(spool.tree("in") == ["a.png": "one."])
        // What the worker says now is ignored, and leaves nothing behind.
        pending.withLock { $0 }?()
        try await Task.sleep(for: .milliseconds(100))
        #expect(spool.tree("out").isEmpty)
        #expect(try await runOnce(spool.options).done == 1)
    }

    /// The output is there, but its original cannot be moved: nothing else is in hand, and the run must end.
    @Test func aRunEndsWhereOnlyTheLastStepWaitsForTheDisk() async throws {
        let spool = try SpoolFixture()
        for name in ["in/sub", "out/sub"] { try spool.makeFolder(name) }
        try spool.deliver("sub/a.png", "one.")
        let isFull = Atomic(false)
        let files = FileSystem { call in
            [.makeFolder, .write].contains(call) && isFull.load(ordering: .relaxed) ? .noSpace : nil
        }
        let runner = SpoolRunner(spool.options, logger: silent, files: files) { claim, completion in
            let outcome = outcome(of: claim)
            isFull.store(true, ordering: .relaxed)
            completion(outcome)
        } observer: { _ in
        }
        try runner.start()
        let report = await runner.drain(patience: .seconds(1))
        #expect(report.remaining == 1 && report.pauseReason?.contains("No space") == true)
        let begin = ContinuousClock.now
        await runner.stop(within: patience * 2)
        #expect(ContinuousClock.now - begin < patience)
        #expect(spool.tree("out") == ["sub/a.png": "restored one."])
        // The next run finds it where it was left, and makes the same output again.
        #expect(try await runOnce(spool.options) == DrainReport(done: 1, failed: 0, remaining: 0))
        #expect(spool.tree("spool/archive") == ["sub/a.png": "one."])
    }

    /// A signal while the model is still being loaded.
    @Test func stopBeforeTheStartIsNotForgotten() async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("spool/waiting/1")
        try spool.write("one.", to: "spool/waiting/1/a.png")
        let runner = SpoolRunner(spool.options, logger: silent) { _, completion in completion(.returned) }
        await runner.stop(within: .seconds(5))
        try runner.start()
        #expect(await runner.drain(patience: .seconds(5)).isInterrupted)
        #expect(spool.tree("spool/waiting").count == 1)
    }

    /// A completion does not wait for it either.
    @Test func aLongScanShowsThatItGoesOnAndHoldsUpNothing() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.rescanInterval = .milliseconds(100)
        let isSlow = Atomic(false)
        let files = FileSystem { call in
            if call == .list, isSlow.load(ordering: .relaxed) { usleep(200_000) }
            return nil
        }
        let pending = Mutex<(@Sendable () -> Void)?>(nil)
        let runner = SpoolRunner(options, logger: silent, files: files) { claim, completion in
            pending.withLock { $0 = { completion(claim.stage(Array("restored.".utf8))) } }
        } observer: { _ in
        }
        try runner.start()
        try spool.deliver("first.png", "one.")
        try await wait { runner.snapshot.active > 0 }
        // A scan of four seconds.
        for index in 0..<20 {
            try spool.makeFolder("in/\(index)")
            try spool.write("one.", to: "in/\(index)/a.txt")
        }
        isSlow.store(true, ordering: .relaxed)
        // A task that slept might get its thread back when the scan is over.
        usleep(300_000)
        let begin = ContinuousClock.now
        pending.withLock { $0 }?()
        #expect(ContinuousClock.now - begin < .seconds(1))
        // On a thread of its own, because other tests may keep those of the tasks busy for seconds.
        let (longest, doneAfter): (Duration, Duration?) = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var (looks, last, longest) = (runner.looks, begin, Duration.zero)
                var doneAfter: Duration?
                while ContinuousClock.now - begin < .seconds(2.5) {
                    usleep(5000)
                    if runner.looks != looks { (looks, last) = (runner.looks, ContinuousClock.now) }
                    if doneAfter == nil, runner.snapshot.done == 1 {
                        doneAfter = ContinuousClock.now - begin
                    }
                    longest = max(longest, ContinuousClock.now - last)
                }
                continuation.resume(returning: (longest, doneAfter))
            }
        }
        #expect(longest < .seconds(1))
        // Behind the scan it would be done after more than three seconds.
        #expect(try #require(doneAfter) < .seconds(2))
        isSlow.store(false, ordering: .relaxed)
        await runner.stop(within: .seconds(5))
    }

    @Test func pauseHoldsNewWorkAndIdleIsToldOnce() async throws {
        let spool = try SpoolFixture()
        let idles = Atomic(0)
        let runner = SpoolRunner(spool.options, logger: silent) { claim, completion in
            completion(outcome(of: claim))
        } observer: { notice in
            if case .idle = notice { idles.add(1, ordering: .relaxed) }
        }
        try runner.start()
        runner.pause()
        try spool.deliver("a.png", "one.")
        try await Task.sleep(for: .milliseconds(200))
        #expect(spool.tree("in").count == 1 && runner.snapshot.isHeld)
        let turns = runner.turns
        runner.resume()
        try await wait { runner.snapshot.done > 0 }
        try await Task.sleep(for: .milliseconds(100))
        #expect(idles.load(ordering: .relaxed) == 1)
        #expect(runner.turns > turns)
        await runner.stop(within: .seconds(1))
    }
}
