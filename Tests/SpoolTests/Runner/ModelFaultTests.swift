import Foundation
import Spool
import Synchronization
import Testing

@Suite("A model that is at fault", .inTurn) struct ModelFaultTests {
    fileprivate static let nonsense = Outcome.unusableResult(
        FailureReason(code: "restore", message: "the result is not finite"))

    private final class Worker: Sendable {
        let isGood = Mutex(false)
        let attempts = Mutex<[Int]>([])

        func work(_ claim: Claim) -> Outcome {
            attempts.withLock { $0.append(claim.attempt) }
            let isGood = isGood.withLock(\.self)
            guard !isGood, let bytes = try? claim.read(), !bytes.starts(with: "bad".utf8) else {
                return outcome(of: claim)
            }
            return ModelFaultTests.nonsense
        }
    }

    @Test(arguments: [1, 3]) func fiveInARowPauseAndComeBackUncounted(concurrency: Int) async throws {
        let spool = try SpoolFixture()
        let worker = Worker()
        var options = spool.options
        options.concurrency = concurrency
        try spool.makeFolder("in/sub")
        for index in 0..<12 { try spool.deliver("sub/\(index).png", "good.") }
        // A bad picture is not the model's fault, and does not end the row.
        try spool.deliver("sub/1-bad.png", "bad.")
        let running = try RunningSpool(options, outcome: worker.work)
        #expect(try await running.reaches { $0.pauseReason?.contains("model") == true && $0.active == 0 })
        #expect(running.runner.snapshot.pauseReason?.contains("not finite") == true)
        let left = spool.tree("in").count + spool.tree("spool/waiting").count
        #expect(left >= 12 && spool.tree("spool/waiting").keys.allSatisfy { $0.hasPrefix("0/") })
        #expect(spool.tree("spool/failed").keys.allSatisfy { $0.contains("bad") })
        worker.isGood.withLock { $0 = true }
        running.runner.noteModelChange()
        #expect(try await running.reaches { $0.done == 12 && $0.pauseReason == nil })
        await running.stop()
        #expect(worker.attempts.withLock(\.self).allSatisfy { $0 == 1 })
        #expect(spool.tree("out").count == 12)
        #expect(spool.tree("spool/failed").keys.sorted() == ["sub/1-bad.png", "sub/1-bad.png.json"])
    }

    @Test func aModelThatHasWorkedIsNotBlamed() async throws {
        let spool = try SpoolFixture()
        let worker = Worker()
        worker.isGood.withLock { $0 = true }
        let running = try RunningSpool(spool.options, outcome: worker.work)
        try spool.deliver("first.png", "good.")
        #expect(try await running.reaches { $0.done == 1 })
        worker.isGood.withLock { $0 = false }
        for index in 0..<7 { try spool.deliver("\(index).png", "good.") }
        #expect(try await running.reaches { $0.failed == 7 })
        #expect(running.runner.snapshot.pauseReason == nil)
        // After a reload it is on trial again.
        running.runner.noteModelChange()
        for index in 0..<7 { try spool.deliver("again\(index).png", "good.") }
        #expect(try await running.reaches { $0.pauseReason != nil && $0.active == 0 })
        await running.stop()
        #expect(!spool.tree("spool/failed").keys.contains { $0.hasPrefix("again") })
    }

    @Test func aRunEndsWithoutEmptyingTheInbox() async throws {
        let spool = try SpoolFixture()
        let worker = Worker()
        for index in 0..<8 { try spool.deliver("\(index).png", "good.") }
        let report = try await runOnce(spool.options, outcome: worker.work)
        #expect(report.isModelAtFault && report.pauseReason != nil && report.remaining == 8)
        #expect(spool.tree("spool/failed").isEmpty)
        worker.isGood.withLock { $0 = true }
        #expect(try await runOnce(spool.options, outcome: worker.work).done == 8)
    }

    /// What cannot come back without taking another's place stays.
    @Test func whatWasDeliveredAgainMeanwhileStaysInFailed() async throws {
        let spool = try SpoolFixture()
        let worker = Worker()
        try spool.deliver("a.png", "first.")
        let running = try RunningSpool(spool.options, outcome: worker.work)
        #expect(try await running.reaches { $0.failed == 1 })
        try spool.deliver("a.png", "second.")
        #expect(try await running.reaches { $0.failed == 2 })
        for index in 0..<3 { try spool.deliver("\(index).png", "good.") }
        #expect(try await running.reaches { $0.pauseReason != nil && $0.active == 0 })
        await running.stop()
        let all = ["in", "spool/waiting", "spool/failed"].flatMap {
            spool.tree($0).filter { !$0.key.hasSuffix("json") }.values
        }
        #expect(all.sorted() == ["first.", "good.", "good.", "good.", "second."])
    }
}
