import Foundation
import Spool
import Synchronization
import Testing

/// A small tmpfs, mounted for a test by root.
final class SmallDisk {
    let path: String
    /// Outlives the mount, or its folder could not be removed.
    private let spool: SpoolFixture?

    /// Nil where mounting is not allowed.
    init?(at path: String, byteCount: Int, in spool: SpoolFixture? = nil) {
        self.path = path
        self.spool = spool
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(byteCount)", "tmpfs", path) else { return nil }
    }

    deinit {
        _ = Self.run("umount", "-l", path)
    }

    func remount(_ option: String) -> Bool { Self.run("mount", "-o", "remount,\(option)", path) }

    static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    static let isAvailable: Bool = {
        guard getuid() == 0 else { return false }
        let path = NSTemporaryDirectory() + "/promptir-mount-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return SmallDisk(at: path, byteCount: 65_536) != nil
    }()
}

@Suite(
    "Faults of the environment", .enabled(if: SmallDisk.isAvailable, "needs root and mount(2)"), .serialized)
struct EnvironmentTests {
    @Test func fullOutboxPausesBurnsNothingAndGoesOn() async throws {
        let spool = try SpoolFixture()
        let disk = SmallDisk(at: spool.path("out"), byteCount: 65_536, in: spool)
        let attempts = Mutex<[Int]>([])
        for index in 0..<8 { try spool.deliver("\(index).png", String(repeating: "x", count: 20_000) + ".") }
        let running = try RunningSpool(spool.options) { claim in
            attempts.withLock { $0.append(claim.attempt) }
            return outcome(of: claim)
        }
        #expect(try await running.reaches { $0.pauseReason?.contains("No space") == true })
        #expect(running.runner.snapshot.done == 3)
        try await Task.sleep(for: .milliseconds(300))
        // Probing costs no restoration.
        #expect(attempts.withLock { $0.count } == 4)
        for _ in 0..<1000 where running.runner.snapshot.done < 8 {
            for name in spool.tree("out").keys where !name.hasPrefix(".") { try spool.remove("out/\(name)") }
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(try await running.reaches { $0.done == 8 })
        await running.stop()
        #expect(attempts.withLock(\.self).allSatisfy { $0 == 1 })
        #expect(spool.tree("spool/failed").isEmpty && spool.tree("spool/archive").count == 8)
        withExtendedLifetime(disk) {}
    }

    @Test func readOnlyOutboxPausesAndGoesOn() async throws {
        let spool = try SpoolFixture()
        let disk = try #require(SmallDisk(at: spool.path("out"), byteCount: 65_536, in: spool))
        let running = try RunningSpool(spool.options)
        #expect(disk.remount("ro"))
        try spool.deliver("a.png", "one.")
        #expect(try await running.reaches { $0.pauseReason?.contains("Read-only") == true })
        #expect(disk.remount("rw"))
        #expect(try await running.reaches { $0.done == 1 && $0.pauseReason == nil })
        await running.stop()
        #expect(spool.tree("spool/failed").isEmpty)
    }

    @Test func onceEndsWhenTheDiskIsAtFault() async throws {
        let spool = try SpoolFixture()
        let disk = try #require(SmallDisk(at: spool.path("out"), byteCount: 65_536, in: spool))
        #expect(disk.remount("ro"))
        try spool.deliver("a.png", "one.")
        let error = await #expect(throws: SpoolError.self) { try await runOnce(spool.options) }
        #expect(error?.isPassing == true && error?.isDisksFault == true)
        #expect(disk.remount("rw"))
        #expect(try await runOnce(spool.options) == DrainReport(done: 1, failed: 0, remaining: 0))
    }

    @Test func coveredInboxIsNoticedAndUncoveredAgain() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.rescanInterval = .milliseconds(200)
        let running = try RunningSpool(options)
        var cover = SmallDisk(at: spool.path("in"), byteCount: 65_536, in: spool)
        #expect(cover != nil)
        #expect(try await running.reaches { !$0.isInboxPresent })
        cover = nil
        #expect(try await running.reaches(\.isInboxPresent))
        try spool.deliver("a.png", "one.")
        #expect(try await running.reaches { $0.done == 1 })
        await running.stop()
    }
}
