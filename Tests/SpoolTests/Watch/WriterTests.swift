import Files
import Foundation
import Spool
import Synchronization
import Testing

@Suite("Writers who are not done", .inTurn) struct WriterTests {
    @Test func theWatchTellsAWriteFromAClose() throws {
        let spool = try SpoolFixture()
        let files = FileSystem()
        let inbox = try files.openFolder(path: Path(spool.path("in")))
        var watcher = InboxWatcher(
            inbox: Path(spool.path("in")), mount: try files.mount(of: inbox), files: files, beat: { true })
        _ = watcher.scan { _ in }
        #expect(watcher.pollingReason == nil)
        func signs() -> [Sign] {
            var signs: [Sign] = []
            _ = watcher.hear { if case .picture(_, _, let sign, _) = $0 { signs.append(sign) } }
            return signs
        }
        let name = FileName(literal: "a.png")
        var file: Descriptor? = try files.createFile(name, in: inbox)
        for _ in 0..<20 {
            if let file { try files.write([1], to: file) }
        }
        // One look for all writes.
        #expect(signs() == [.found, .modified])
        if let file { try files.write([1], to: file) }
        file = nil
        #expect(signs() == [.modified, .closed])
        // A link has no writer.
        #expect(link(spool.path("in/a.png"), spool.path("in/b.png")) == 0)
        #expect(signs() == [.found])
    }

    /// Writes through an open file and sets its time, so long ago that nobody is asked for a lease.
    private func overwrite(_ file: Int32, with text: String, time: Int) {
        #expect(text.withCString { pwrite(file, $0, strlen($0), 0) } == text.utf8.count)
        let time = timespec(tv_sec: time, tv_nsec: 0)
        #expect(futimens(file, [time, time]) == 0)
    }

    /// The writer preallocates, and goes on after the picture was given up. With the old time, only ctime shows it.
    @Test(arguments: [2_000_000, 1_000_000])
    func whatChangesAfterItWasGivenUpIsTriedAgain(time: Int) async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.rescanInterval = .milliseconds(100)
        options.arrivalPatience = .seconds(3600)
        try spool.makeFolder("in/sub")
        let file = open(spool.path("in/sub/a.png"), O_CREAT | O_RDWR, 0o644)
        defer { close(file) }
        // Before the start: nobody saw the write.
        overwrite(file, with: "bad 1.", time: 1_000_000)
        let running = try RunningSpool(options)
        #expect(try await running.reaches { $0.failed == 1 })
        try await Task.sleep(for: .milliseconds(300))
        #expect(spool.tree("in").isEmpty)
        overwrite(file, with: "good1.", time: time)
        #expect(try await running.reaches { $0.done == 1 })
        await running.stop()
        #expect(spool.tree("out") == ["sub/a.png": "restored good1."])
        #expect(FileManager.default.subpaths(atPath: spool.path("spool/failed")) == [])
    }

    @Test func whatWasDeliveredAgainMeanwhileIsNotReplaced() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.rescanInterval = .milliseconds(100)
        options.arrivalPatience = .seconds(3600)
        try spool.deliver("a.png", "bad.")
        let running = try RunningSpool(options)
        #expect(try await running.reaches { $0.failed == 1 })
        running.runner.pause()
        try spool.deliver("a.png", "new.")
        try spool.write("changed", to: "spool/failed/a.png")
        try await Task.sleep(for: .milliseconds(300))
        #expect(spool.tree("in") == ["a.png": "new."])
        running.runner.resume()
        #expect(try await running.reaches { $0.done == 1 })
        await running.stop()
        #expect(spool.tree("out") == ["a.png": "restored new."])
    }

    /// The file is written to between being read and being judged, with its old time.
    @Test func aFailureOfWhatChangedWhileItWasReadIsTriedAgain() async throws {
        let spool = try SpoolFixture()
        let attempts = Atomic<Int>(0)
        let written = open(spool.path("in/a.png"), O_CREAT | O_RDWR, 0o644)
        overwrite(written, with: "bad 1.", time: 1_000_000)
        close(written)
        let running = try RunningSpool(spool.options) { claim in
            let outcome = outcome(of: claim)
            if attempts.add(1, ordering: .relaxed).newValue == 1 {
                let file = open(spool.path("spool/claimed/1/a.png"), O_RDWR)
                overwrite(file, with: "good1.", time: 1_000_000)
                close(file)
            }
            return outcome
        }
        #expect(try await running.reaches { $0.done == 1 })
        await running.stop()
        #expect(attempts.load(ordering: .relaxed) == 2)
        #expect(spool.tree("spool/failed").isEmpty)
    }
}
