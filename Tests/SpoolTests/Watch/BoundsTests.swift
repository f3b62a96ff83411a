import Files
import Foundation
import Glibc
import Spool
import Synchronization
import Testing

@Suite("Folders and files without an end", .inTurn)
struct BoundsTests {
    private let files = FileSystem()

    /// As a loop of mounts shows itself.
    @Test func foldersThatLieTooDeepAreLeftAlone() async throws {
        let spool = try SpoolFixture()
        var place = try files.openFolder(path: Path(spool.path("in")))
        let (folder, picture) = (try #require(FileName("f")), try #require(FileName("a.png")))
        for _ in 0..<60 {
            try files.makeFolder(folder, in: place)
            place = try files.openFolder(folder, in: place)
            try files.write(Array("good.".utf8), to: files.createFile(picture, in: place))
        }
        let running = try RunningSpool(spool.options)
        let report = await running.runner.drain(patience: .seconds(1))
        #expect(report == DrainReport(done: 48, failed: 0, remaining: 0))
        #expect(running.runner.snapshot.passedOver == 1)
        await running.stop()
        #expect(try SpoolStatus.read(spool.layout).archived == 48)
    }

    @Test func aFileThatKeepsGrowingIsNotTakenAndHoldsUpNothing() async throws {
        let spool = try SpoolFixture()
        let inbox = try files.openFolder(path: Path(spool.path("in")))
        let file = try files.createFile(#require(FileName("grows.png")), in: inbox)
        let isOver = Atomic(false)
        // A thread of its own, because the other tests occupy those of the tasks.
        let writer = Thread { [files] in
            while !isOver.load(ordering: .relaxed) {
                try? files.write(Array("x".utf8), to: file)
                usleep(5000)
            }
            try? files.write(Array(".".utf8), to: file)
        }
        writer.start()
        let running = try RunningSpool(spool.options)
        #expect(try await running.reaches { $0.arriving == 1 })
        for index in 0..<5 {
            try spool.deliver("\(index).png", "good.")
            #expect(try await running.reaches { $0.done == index + 1 })
        }
        #expect(spool.tree("in").keys.sorted() == ["grows.png"])
        isOver.store(true, ordering: .relaxed)
        #expect(try await running.reaches { $0.done == 6 })
        await running.stop()
    }

    @Test func modeStaysWithTheOriginalAlone() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "good.")
        chmod(spool.path("in/a.png"), 0o604)
        try await runOnce(spool.options)
        func mode(_ name: String) throws -> Int {
            let attributes = try FileManager.default.attributesOfItem(atPath: spool.path(name))
            return try #require(attributes[.posixPermissions] as? Int)
        }
        #expect(try mode("spool/archive/a.png") == 0o604)
        #expect(try mode("out/a.png") & 0o7111 == 0 && mode("out/a.png") != 0o604)
    }

    /// Records name a source and an output, each with a path as long as is taken.
    @Test func recordsHoldTheLongestPaths() async throws {
        let spool = try SpoolFixture()
        var names: [FileName] = []
        for _ in 0..<8 { names.append(try #require(FileName(String(repeating: "x", count: 225)))) }
        let room = RelativeName.maximumByteCount - 8 * 226
        let name = try #require(FileName(String(repeating: "y", count: room - 4) + ".jpg"))
        #expect(RelativeName(names, name).bytes.count == RelativeName.maximumByteCount)
        let inbox = try files.openFolder(path: Path(spool.path("in")))
        for text in ["one.", "two."] {
            let folder = try files.makeFolders(names, below: inbox)
            try files.write(Array(text.utf8), to: files.createFile(name, in: folder))
            let report = try await runOnce(spool.options) { outcome(of: $0, fileExtension: "png") }
            #expect(report.done == 1)
        }
        // The second found by its record that the first output's name is its own.
        #expect(spool.tree("out").values.sorted() == ["restored two."])
    }
}
