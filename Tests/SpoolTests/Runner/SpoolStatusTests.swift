import Files
import Foundation
import Spool
import Synchronization
import Testing

@Suite("The status of a spool", .inTurn)
struct SpoolStatusTests {
    @Test func statusIsReadWithAndWithoutAProcess() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "one.")
        try spool.deliver("b.png", "bad.")
        let running = try RunningSpool(spool.options)
        _ = await running.runner.drain(patience: .seconds(1))
        #expect(try SpoolStatus.read(spool.layout).isRunning)
        await running.stop()
        let status = try SpoolStatus.read(spool.layout)
        #expect(!status.isRunning && status.pid == Int(getpid()))
        #expect(status.archived == 1 && status.failed == 1 && status.inbox == 0)
        let last = try JSONDecoder().decode(SpoolSnapshot.self, from: Data(status.lastSnapshot ?? []))
        #expect(last.done == 1 && last.failed == 1)
        #expect(try JSONSerialization.jsonObject(with: Data(status.json.utf8)) is [String: Any])
    }

    @Test func statusTellsWhatIsMissing() async throws {
        let spool = try SpoolFixture()
        try await runOnce(spool.options)
        try spool.remove("in")
        // As a power loss may leave it.
        try spool.write("", to: "spool/status.json")
        let status = try SpoolStatus.read(spool.layout)
        #expect(status.inbox == nil && !status.isRunning)
        let json = try JSONSerialization.jsonObject(with: Data(status.json.utf8)) as? [String: Any]
        #expect(json?["inbox"] is NSNull && json?["last"] == nil)
    }

    @Test func askingForTheStatusTwiceAtOnceTellsTheTruth() async throws {
        let spool = try SpoolFixture()
        try await runOnce(spool.options)
        let isRunning = Atomic(false)
        DispatchQueue.concurrentPerform(iterations: 400) { _ in
            if (try? SpoolStatus.read(spool.layout).isRunning) != false {
                isRunning.store(true, ordering: .relaxed)
            }
        }
        let wasTakenForRunning = isRunning.load(ordering: .relaxed)
        #expect(!wasTakenForRunning)
    }

    /// The watchdog takes a queue that does not turn for a hang, and a worker that waits for one too.
}
