import Files
import Foundation
import Service
import Spool
import Synchronization
import TestSupport
import Testing

struct StatusTests {
    private func json(_ place: Workplace) throws -> [String: Any] {
        let text = try StatusReport(place.configuration).text(asJSON: true)
        return try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
    }

    @Test func aRunningDaemonsStateIsOnTheDisk() async throws {
        let place = try Workplace()
        let (notifier, log) = (RecordingNotifier(), RecordedLog())
        let isFull = Atomic(false)
        let run = try DaemonRun(
            place.configuration, configurationPath: nil, overrides: .init(), notifier: notifier,
            logger: log.logger, level: log.level,
            files: FileSystem { $0 == .sync && isFull.load(ordering: .relaxed) ? .noSpace : nil })
        let running = Task { try await run.run() }
        try place.deliver("a.png")
        try place.deliver("broken.png", bytes: Array("no picture".utf8))
        try await wait { place.exists("out/a.png") && place.names("in.spool/failed").count == 2 }
        try await wait { try json(place)["model"] is String }
        var status = try json(place)
        #expect(status["schema"] as? String == "promptir-status/1")
        #expect(status["running"] as? Bool == true && status["pid_alive"] as? Bool == true)
        #expect(status["pid"] as? Int == Int(getpid()))
        #expect(status["archived"] as? Int == 1 && status["failed"] as? Int == 1)
        #expect(status["paused"] is NSNull && status["blocked"] is NSNull)
        #expect((status["model"] as? String)?.hasPrefix("sha256:") == true)
        #expect(status["precision"] as? String == "float32")
        let reason = try #require(place.names("in.spool/failed").first { $0.hasSuffix(".json") })
        let text = try String(contentsOfFile: place.folder.path("in.spool/failed/\(reason)"), encoding: .utf8)
        #expect(text.contains("\"precision\": \"float32\""), "\(text)")

        isFull.store(true, ordering: .relaxed)
        try place.deliver("b.png")
        try await wait { try (json(place)["paused"] as? String)?.contains("No space left") == true }
        status = try json(place)
        #expect(status["queued"] as? Int == 1 && status["waiting"] as? Int == 1)
        #expect(try StatusReport(place.configuration).text(asJSON: false).contains("\npaused: "))
        isFull.store(false, ordering: .relaxed)
        try await wait { place.exists("out/b.png") }
        run.requestStop()
        try await running.value

        // Nobody is at work: the counts are what lies there, and a pause is nobody's.
        try place.deliver("c.png")
        status = try json(place)
        #expect(status["running"] as? Bool == false && status["paused"] is NSNull)
        #expect(status["inbox"] as? Int == 1 && status["queued"] as? Int == 1)
        #expect(status["archived"] as? Int == 2 && status["claimed"] as? Int == 0)
        #expect(status["last"] is [String: Any] && status["model"] is String)
    }

    @Test func aBlockedFolderIsSaid() {
        var counts = SpoolSnapshot()
        counts.blocked = 2
        counts.blockedReason = "rename out/sub: Permission denied"
        #expect(counts.statusLine(perMinute: 0).hasSuffix("; 2 blocked (rename out/sub: Permission denied)"))
    }
}
