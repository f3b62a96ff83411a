import Files
import Foundation
import Spool
import Synchronization
import Testing

@Suite("Shards", .inTurn)
struct ShardTests {
    @Test func everyNameFallsToOneShardAlone() throws {
        for count in [1, 2, 3, 7, 64] {
            let shards = try (0..<count).map { try #require(Shard(index: $0, count: count)) }
            var sizes = [Int](repeating: 0, count: count)
            for index in 0..<2000 {
                let name = try #require(RelativeName("\(index % 7)/IMG_\(index).png"))
                let owners = shards.filter { $0.owns(name) }
                #expect(owners.count == 1)
                sizes[owners[0].index] += 1
            }
            // Evenly enough: within a half of the mean.
            #expect(sizes.allSatisfy { abs($0 - 2000 / count) <= max(1000 / count, 20) }, "\(sizes)")
        }
        #expect(Shard(index: 2, count: 2) == nil && Shard(index: -1, count: 2) == nil)
    }

    /// Never to be changed: runs of different versions may share an inbox.
    @Test(arguments: [("a.png", 0), ("b.png", 1), ("sub/c.jpg", 3), ("IMG_0042.JPG", 3)])
    func theHashIsStable(name: String, index: Int) throws {
        let shard = try #require(Shard(index: index, count: 4))
        #expect(shard.owns(try #require(RelativeName(name))))
    }

    @Test func namesWhoseOutputsMayMeetStayTogether() throws {
        let names = ["x/a.jpg", "x/a.png", "x/a.PNG", "x/a.jpg.png", "x/a.jfif"].compactMap {
            RelativeName($0)
        }
        for index in 0..<5 {
            let shard = try #require(Shard(index: index, count: 5))
            #expect(Set(names.map { shard.owns($0) }).count == 1)
        }
    }

    @Test func severalRunsShareAnInboxAndMeetNowhere() async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("in/sub")
        for index in 0..<40 {
            try spool.deliver(index % 2 == 0 ? "\(index).png" : "sub/\(index).png", "\(index).")
        }
        let count = 3
        let works = Mutex<[String: Int]>([:])
        let runs = try (0..<count).map { index in
            var options = spool.options
            options.layout = spool.layout(shard: Shard(index: index, count: count))
            return try RunningSpool(options) { claim in
                works.withLock { $0[claim.name.text, default: 0] += 1 }
                return outcome(of: claim)
            }
        }
        try spool.deliver("late.png", "late.")
        var reports: [DrainReport] = []
        for run in runs { reports.append(await run.runner.drain(patience: .seconds(1))) }
        for run in runs { await run.stop() }
        #expect(reports.reduce(0) { $0 + $1.done } == 41 && reports.allSatisfy { $0.remaining == 0 })
        #expect(reports.allSatisfy { $0.done > 0 })
        #expect(works.withLock { $0.values.allSatisfy { $0 == 1 } && $0.count == 41 })
        #expect(spool.tree("out").count == 41 && spool.tree("in").isEmpty)
    }

    @Test func theStatusCountsItsOwn() async throws {
        let spool = try SpoolFixture()
        let layouts = (0..<2).map { spool.layout(shard: Shard(index: $0, count: 2)) }
        for layout in [spool.layout] + layouts {
            var options = spool.options
            options.layout = layout
            try await runOnce(options)
        }
        for index in 0..<20 { try spool.deliver("\(index).png", "one.") }
        let counts = try layouts.map { try SpoolStatus.read($0).inbox ?? 0 }
        #expect(counts.reduce(0, +) == 20 && counts.allSatisfy { $0 > 0 })
        #expect(try SpoolStatus.read(spool.layout).inbox == 20)
    }
}
