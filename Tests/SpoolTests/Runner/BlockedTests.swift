import Foundation
import Spool
import Synchronization
import Testing

@Suite("A fault of one folder", .inTurn)
struct BlockedTests {
    /// Somebody laid a link in the outbox where a folder must be: the pictures below wait for him, nobody else does.
    @Test func oneFoldersFaultHoldsOnlyItsPictures() async throws {
        let spool = try SpoolFixture()
        for name in ["in/sub", "elsewhere"] { try spool.makeFolder(name) }
        try FileManager.default.createSymbolicLink(
            atPath: spool.path("out/sub"), withDestinationPath: spool.path("elsewhere"))
        let works = Mutex<[String]>([])
        let running = try RunningSpool(spool.options) { claim in
            works.withLock { $0.append("\(claim.name) \(claim.attempt)") }
            return outcome(of: claim)
        }
        try spool.deliver("sub/a.png", "one.")
        #expect(try await running.reaches { $0.blocked == 1 })
        try spool.deliver("sub/b.png", "two.")
        try spool.deliver("c.png", "three.")
        #expect(try await running.reaches { $0.done == 1 && $0.held == 1 })
        try await Task.sleep(for: .milliseconds(300))
        // Nothing is restored for nothing while the folder is as it was.
        #expect(works.withLock(\.self).sorted() == ["c.png 1", "sub/a.png 1"])
        let counts = running.runner.snapshot
        #expect(counts.pauses == 0 && counts.pauseReason == nil)
        #expect(counts.blockedReason?.contains("out/sub: Too many levels of symbolic links") == true)
        #expect(spool.tree("spool/waiting") == ["0/sub/a.png": "one."])

        try spool.remove("out/sub")
        #expect(try await running.reaches { $0.done == 3 && $0.blocked == 0 && $0.blockedReason == nil })
        await running.stop()
        #expect(works.withLock { $0.allSatisfy { $0.hasSuffix(" 1") } && $0.count == 4 })
        #expect(spool.tree("spool/failed").isEmpty && spool.tree("elsewhere").isEmpty)
        #expect(spool.tree("out").count == 3)
    }

    @Test func aRunEndsThoughAFolderIsBlocked() async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("in/sub")
        try FileManager.default.createSymbolicLink(
            atPath: spool.path("out/sub"), withDestinationPath: "/nowhere")
        for name in ["sub/a.png", "sub/b.png", "c.png"] { try spool.deliver(name, "one.") }
        #expect(try await runOnce(spool.options) == DrainReport(done: 1, failed: 0, remaining: 2))
        try spool.remove("out/sub")
        #expect(try await runOnce(spool.options) == DrainReport(done: 2, failed: 0, remaining: 0))
    }
}

@Suite(
    "A fault of one mount", .enabled(if: SmallDisk.isAvailable, "needs root and mount(2)"), .serialized)
struct BlockedMountTests {
    /// In the outbox the rename of an output crosses filesystems, in the archive that of an original.
    @Test(arguments: ["out/sub", "spool/archive/sub"])
    func aMountInPlaceOfAFolderHoldsOnlyItsPictures(_ place: String) async throws {
        let spool = try SpoolFixture()
        for name in ["in/sub", place] { try spool.makeFolder(name) }
        var disk = SmallDisk(at: spool.path(place), byteCount: 65_536, in: spool)
        #expect(disk != nil)
        let attempts = Mutex<[Int]>([])
        let running = try RunningSpool(spool.options) { claim in
            attempts.withLock { $0.append(claim.attempt) }
            return outcome(of: claim)
        }
        for index in 0..<4 { try spool.deliver("sub/\(index).png", "one.") }
        #expect(try await running.reaches { $0.blocked >= 1 })
        for index in 0..<4 { try spool.deliver("\(index).png", "one.") }
        #expect(try await running.reaches { $0.done == 4 })
        #expect(running.runner.snapshot.pauses == 0)
        disk = nil
        #expect(try await running.reaches { $0.done == 8 && $0.blocked == 0 })
        await running.stop()
        #expect(attempts.withLock { $0.allSatisfy { $0 == 1 } })
        #expect(spool.tree("spool/archive").count == 8 && spool.tree("out").count == 8)
    }
}
