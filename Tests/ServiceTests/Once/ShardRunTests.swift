import Bundles
import Files
import Foundation
import Restoration
import Service
import Spool
import TestSupport
import Testing

struct ShardRunTests {
    private func deliverAll(_ place: Workplace) throws {
        for index in 0..<6 {
            try place.deliver("\(index).png", width: 12 + index, height: 9, seed: index + 1)
        }
    }

    @Test func mergedShardsEqualOneRun() async throws {
        let whole = try Workplace()
        try deliverAll(whole)
        _ = try await OnceRun(whole.configuration, logger: RecordedLog().logger).run()
        let expected = FileManager.default.contents(atPath: whole.folder.path("out/pred.npz"))

        var place = try Workplace()
        try deliverAll(place)
        place.configuration.shard = try .part(#require(Shard(index: 0, count: 2)))
        let first = try OnceRun(place.configuration, logger: RecordedLog().logger)
        place.configuration.shard = try .part(#require(Shard(index: 1, count: 2)))
        let second = try OnceRun(place.configuration, logger: RecordedLog().logger)
        async let firstReport = first.run()
        async let secondReport = second.run()
        let reports = try await [firstReport, secondReport]
        #expect(reports.map(\.drain.done).reduce(0, +) == 6 && reports.allSatisfy { $0.drain.done > 0 })
        #expect(reports.allSatisfy { $0.exitCode == .done })
        #expect(place.names("in").isEmpty)
        #expect(place.names("in.spool") == ["shard-0-of-2", "shard-1-of-2"])
        // Without --shard, the status has a line for each shard and their total.
        place.configuration.shard = .whole
        let lines = try StatusReport(place.configuration).text(asJSON: false).split(separator: "\n")
        #expect(
            lines.dropLast().map { $0.prefix(26) }
                == ["shard-0-of-2: not running,", "shard-1-of-2: not running,"])
        #expect(
            lines.last
                == "total of 2 shards: 0 running, 0 in the inbox, 0 claimed, 0 waiting for another attempt, 6 archived, 0 failed"
        )
        let parts = (0..<2).map { Path(place.folder.path("out/pred-shard-\($0)-of-2.npz")) }
        #expect(!place.exists("out/pred.npz") && !place.exists("out/submission.zip"))
        #expect(try PredictionBundle.merge(parts, to: Path(place.folder.path("merged.npz"))) == 6)
        #expect(FileManager.default.contents(atPath: place.folder.path("merged.npz")) == expected)
    }

    /// What a scheduler sends before it takes the machine away.
    @Test func aTerminatedRunLeavesTheRestToTheNext() async throws {
        var place = try Workplace()
        place.configuration.shard = try .part(#require(Shard(index: 0, count: 1)))
        place.configuration.threads = 1
        for index in 0..<10 { try place.deliver("\(index).png", width: 200, height: 150, seed: index + 1) }
        let run = try OnceRun(place.configuration, logger: RecordedLog().logger)
        let running = Task(executorPreference: OwnThread()) { try await run.run() }
        // In place, because a sleeping task would wake up after the last picture.
        #expect(waitUntil { run.counts.done > 0 })
        run.interrupt()
        let report = try await running.value
        #expect(report.drain.isInterrupted && report.drain.remaining > 0 && report.exitCode == .tryAgain)
        #expect(report.drain.done + report.drain.remaining == 10)
        let next = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(next.exitCode == .done && next.drain.done == report.drain.remaining)
        #expect(place.names("in.spool/shard-0-of-1/failed").isEmpty)
    }
}
