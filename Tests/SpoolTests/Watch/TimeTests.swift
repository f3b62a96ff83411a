import Files
import Foundation
import Spool
import TestSupport
import Testing

/// Whoever may write a file may give it any 64-bit time.
@Suite("Times of files", .inTurn) struct TimeTests {
    private static let seeds: Range<UInt64> = 0..<24

    /// Near the ends of everything that a time may be converted to, and anything in between.
    private func seconds(_ random: inout SeededGenerator) -> Int {
        let edges = [
            Int.min, Int.max, 0, -1, Int(Int32.max), Int(Int32.min), Int(UInt32.max), Int.max / 1_000_000_000,
            Int.min / 1_000_000_000, Int.max / 1_000_000, -62_135_596_800, 253_402_300_799,
            67_768_036_191_676_799,
        ]
        if Bool.random(using: &random) { return Int.random(in: .min ... .max, using: &random) }
        let edge = edges.randomElement(using: &random) ?? 0
        return edge.addingReportingOverflow(Int.random(in: -2...2, using: &random)).partialValue
    }

    private func touch(_ path: String, _ random: inout SeededGenerator) {
        let time = timespec(
            tv_sec: seconds(&random),
            tv_nsec: [0, 1, 999_999_999].randomElement(using: &random) ?? 0)
        #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
    }

    /// Claimed in order, restored, given up with a reason, taken up by a recovery, pruned.
    @Test(arguments: seeds) func anyTimeGoesThroughEveryPlace(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let spool = try SpoolFixture()
        var options = spool.options
        options.originals = SpoolOptions.Originals.allCases.randomElement(using: &random) ?? .archive
        for index in 0..<6 {
            for (name, text) in [("good\(index).png", "good."), ("bad\(index).png", "bad.")] {
                try spool.deliver(name, text)
                touch(spool.path("in/\(name)"), &random)
            }
        }
        try spool.makeFolder("spool/waiting/1")
        try spool.write("good.", to: "spool/waiting/1/waits.png")
        touch(spool.path("spool/waiting/1/waits.png"), &random)
        // When records were looked through last, as far as anybody can tell.
        try spool.makeFolder("spool/records")
        try spool.write("", to: "spool/records/.pruned")
        touch(spool.path("spool/records/.pruned"), &random)
        let report = try await runOnce(options)
        #expect(report == DrainReport(done: 7, failed: 6, remaining: 0), "seed \(seed)")
        for index in 0..<6 {
            let data = try #require(spool.read("spool/failed/bad\(index).png.json"))
            let object = try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
            let modified = try #require(object?["modified"] as? String)
            #expect(modified.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil, "\(modified)")
        }
        options.archiveLimits = RetentionLimits(age: .seconds(1_000_000), byteCount: 0)
        options.failedLimits = RetentionLimits(age: nil, byteCount: 0)
        // What was put there is young, whatever its time says; all of it is too much.
        #expect(try await runOnce(options).remaining == 0)
        #expect(spool.tree("spool/archive").isEmpty && spool.tree("spool/failed").isEmpty, "seed \(seed)")
    }
}
