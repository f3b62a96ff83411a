import Files
import Foundation
import Spool
import TestSupport
import Testing

/// Somebody copied a folder into the inbox that only he may change.
@Suite("Pictures in a folder that is not writable", .inTurn)
struct CopyTests {
    /// The spool that runs until nothing is left to do.
    private func run(
        _ options: SpoolOptions, _ outcome: @escaping @Sendable (Claim) -> Outcome = outcome(of:)
    ) async throws -> (report: DrainReport, snapshot: SpoolSnapshot) {
        let runner = SpoolRunner(
            options, logger: silent, files: FileSystem(interceptingPaths: refusalInShutFolder)
        ) { claim, completion in
            DispatchQueue.global().async { completion(outcome(claim)) }
        }
        try runner.start()
        let report = await runner.drain(patience: .seconds(1))
        let snapshot = runner.snapshot
        await runner.stop(within: .seconds(5))
        return (report, snapshot)
    }

    private func fixture(_ text: String) throws -> SpoolFixture {
        let spool = try SpoolFixture()
        try spool.makeFolder("in/sub")
        try spool.deliver("sub/a.png", text)
        return spool
    }

    @Test(arguments: SpoolOptions.Originals.allCases)
    func theyAreRestoredOnceAndStay(_ originals: SpoolOptions.Originals) async throws {
        let spool = try fixture("one.")
        var options = spool.options
        options.originals = originals
        let first = try await run(options)
        #expect(first.report == DrainReport(done: 1, failed: 0, remaining: 0))
        #expect(first.snapshot.copied == 1 && first.snapshot.held == 0)
        #expect(spool.tree("out") == ["sub/a.png": "restored one."])
        #expect(spool.tree("in") == ["sub/a.png": "one."])
        #expect(spool.tree("spool/archive") == (originals == .archive ? ["sub/a.png": "one."] : [:]))
        #expect(spool.tree("spool/claimed").isEmpty && spool.tree("spool/tmp").isEmpty)
        #expect(try await run(options).report == DrainReport(done: 0, failed: 0, remaining: 0))

        try spool.deliver("sub/a.png", "another.")
        #expect(try await run(options).report.done == 1)
        #expect(spool.tree("out") == ["sub/a.png": "restored another."])
    }

    @Test func oneThatEndsTooEarlyWaitsForTheRest() async throws {
        let spool = try fixture("half")
        var options = spool.options
        options.arrivalPatience = patience * 2
        #expect(try await run(options).report == DrainReport(done: 0, failed: 0, remaining: 1))
        #expect(spool.tree("spool/claimed").isEmpty && spool.tree("spool/failed").isEmpty)
        try spool.deliver("sub/a.png", "whole.")
        #expect(try await run(options).report.done == 1)
        #expect(spool.tree("out") == ["sub/a.png": "restored whole."])
        #expect(spool.tree("spool/archive") == ["sub/a.png": "whole."])
    }

    @Test func oneThatIsReturnedIsTakenAgain() async throws {
        let spool = try fixture("one.")
        let runner = SpoolRunner(
            spool.options, logger: silent, files: FileSystem(interceptingPaths: refusalInShutFolder)
        ) { _, _ in }
        try runner.start()
        try await wait { runner.snapshot.active > 0 }
        await runner.stop(within: .zero)
        #expect(spool.tree("spool/claimed").isEmpty && spool.tree("spool/waiting").isEmpty)
        #expect(try await run(spool.options).report.done == 1)
        #expect(spool.tree("spool/archive") == ["sub/a.png": "one."])
    }

    @Test func aDamagedOneIsGivenUpOnce() async throws {
        let spool = try fixture("bad.")
        #expect(try await run(spool.options).report == DrainReport(done: 0, failed: 1, remaining: 0))
        #expect(try spool.failureCode("sub/a.png") == "damaged")
        #expect(try await run(spool.options).report == DrainReport(done: 0, failed: 0, remaining: 0))
        #expect(spool.tree("in") == ["sub/a.png": "bad."])
    }

    @Test func oneThatIsTooLargeToCopyIsHeldWithItsReason() async throws {
        let spool = try fixture("one.")
        var options = spool.options
        options.maximumInputByteCount = 3
        let (report, snapshot) = try await run(options)
        #expect(report == DrainReport(done: 0, failed: 0, remaining: 1))
        #expect(snapshot.held == 1 && snapshot.copied == 0)
        let reason = try #require(snapshot.heldReason)
        #expect(
            reason.contains("/in/sub/a.png: its folder is not writable, and only files of at most 3 bytes"))
    }
}
