import Files
import Foundation
import Spool
import Synchronization
import Testing

/// What an ordinary user who may write into the inbox can do.
@Suite("A member of the drop group", .inTurn)
struct MemberTests {
    /// utimensat(2): any time that the filesystem holds.
    private func touch(_ path: String, seconds: Int) {
        let times = [timespec(tv_sec: seconds, tv_nsec: 999_999_999), timespec(tv_sec: seconds, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, path, times, 0) == 0)
    }

    @Test(arguments: [
        67_768_036_191_676_799, 9_223_372_036_854_775_807, -9_223_372_036_854_775_808, 9_300_000_000, 0,
    ])
    func anyTimeThatAFileClaimsIsTaken(seconds: Int) async throws {
        let spool = try SpoolFixture()
        for (name, text) in [("good.png", "good."), ("bad.png", "bad."), ("short.png", "short")] {
            try spool.deliver(name, text)
            touch(spool.path("in/\(name)"), seconds: seconds)
        }
        let report = try await runOnce(spool.options)
        #expect(report.done == 1 && report.failed + report.remaining == 2, "\(report)")
        #expect(spool.tree("out") == ["good.png": "restored good."])
        #expect(try spool.failureCode("bad.png") == "damaged")
        // Again from the spool's own folders.
        try spool.makeFolder("spool/waiting/0")
        try spool.move("spool/archive/good.png", to: "spool/waiting/0/good.png")
        #expect(try await runOnce(spool.options).done == 1)
    }

    @Test func aNameThatComesAgainCostsTheSameEachTime() throws {
        let spool = try SpoolFixture()
        let calls = Atomic<Int>(0)
        let files = FileSystem { _ in
            calls.add(1, ordering: .relaxed)
            return nil
        }
        let disk = try SpoolDisk(spool.options, files: files)
        let name = try #require(RelativeName("snapshot.png"))
        var costs: [Int] = []
        for round in 0..<300 {
            try spool.makeFolder("spool/claimed/1")
            try spool.write("\(round).", to: "spool/claimed/1/snapshot.png")
            let fingerprint = Fingerprint(byteCount: 2, modified: .zero, inode: UInt64(round))
            let before = calls.load(ordering: .relaxed)
            try disk.settleOriginal(name, fingerprint, from: .claimed(1), at: .seconds(1_800_000_000))
            costs.append(calls.load(ordering: .relaxed) - before)
        }
        #expect(spool.tree("spool/archive").count == 300)
        #expect(Set(costs.dropFirst(2)).count == 1, "\(costs)")
    }

    @Test func anotherLinkToAnArchivedFileIsKeptOnce() async throws {
        let spool = try SpoolFixture()
        try spool.write("one.", to: "one")
        for _ in 0..<3 {
            #expect(link(spool.path("one"), spool.path("in/a.png")) == 0)
            #expect(try await runOnce(spool.options).done == 1)
        }
        #expect(spool.tree("spool/archive") == ["a.png": "one."])
        #expect(spool.tree("in").isEmpty && spool.tree("spool/claimed").isEmpty)
    }

    @Test func aPathThatIsTooLongIsLeftInTheInbox() async throws {
        let spool = try SpoolFixture()
        let files = FileSystem()
        var place = try files.openFolder(path: Path(spool.path("in")))
        let long = try #require(FileName(String(repeating: "x", count: 250)))
        for _ in 0..<12 {
            try files.makeFolder(long, in: place)
            place = try files.openFolder(long, in: place)
        }
        let name = try #require(FileName("deep.png"))
        try files.write(Array("deep.".utf8), to: files.createFile(name, in: place))
        try spool.deliver("a.png", "good.")
        let running = try RunningSpool(spool.options)
        let report = await running.runner.drain(patience: .seconds(1))
        #expect(report == DrainReport(done: 1, failed: 0, remaining: 0))
        #expect(running.runner.snapshot.passedOver == 1)
        await running.stop()
    }

    @Test func theLockAndTheSpoolAreTheOwnersAlone() throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("spool")
        try spool.write("", to: "spool/lock")
        chmod(spool.path("spool/lock"), 0o644)
        _ = try SpoolDisk(spool.options)
        let attributes = try FileManager.default.attributesOfItem(atPath: spool.path("spool/lock"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let fresh = try SpoolFixture()
        _ = try SpoolDisk(fresh.options)
        let folder = try FileManager.default.attributesOfItem(atPath: fresh.path("spool"))
        #expect(folder[.posixPermissions] as? Int == 0o700)
    }

    @Test func aFolderNamedLikeAPictureBeingProcessedStopsNothing() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.concurrency = 2
        let mayEnd = DispatchSemaphore(value: 0)
        try spool.deliver("x.png", "slow.")
        let running = try RunningSpool(options) { claim in
            if claim.name.text == "x.png" { mayEnd.wait() }
            return outcome(of: claim)
        }
        #expect(try await running.reaches { $0.active == 1 })
        try spool.makeFolder("in/x.png")
        try spool.deliver("x.png/y.png", "inner.")
        try spool.deliver("z.png", "good.")
        #expect(try await running.reaches { $0.done == 1 })
        #expect(running.runner.snapshot.pauseReason == nil)
        mayEnd.signal()
        #expect(try await running.reaches { $0.done == 2 })
        await running.stop()
        #expect(spool.tree("out") == ["x.png": "restored slow.", "z.png": "restored good."])
        // Once the picture is done, its name is free, and what lies in the folder may be taken. If the test is slow, it even
        // fails, because a file of that name is in the outbox. It is kept all the same.
        let folders = ["in", "spool/waiting", "spool/claimed", "spool/failed"]
        let kept = folders.flatMap { spool.tree($0).filter { !$0.key.hasSuffix(".json") }.values }
        #expect(kept == ["inner."])
    }
}
