import Bundles
import Files
import Foundation
import Images
import Restoration
import RestorationTestSupport
import TestSupport
import Testing

@Suite("Merged bundles")
struct MergeTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-merge")
        for name in ["all/night", "parts"] { try WholeFiles.createFolders(Path(folder.path(name))) }
    }

    private func path(_ name: String) -> Path { Path(folder.path(name)) }

    private func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: folder.path(name)) }

    /// Pictures of several sizes; names in an order that is neither that of writing nor that of the parts.
    private func pictures() throws -> [String] {
        let names = ["10.png", "2.png", "night/0.png", "Z.png", "a b.png", "é.png", "odd\\name.png"]
        for (index, name) in names.enumerated() {
            try folder.write(TestPictures.file(width: 3 + index, height: 9 - index), to: "all/\(name)")
        }
        return names
    }

    @Test("merged shards are one run's bundle, byte for byte, in any order")
    func mergedShardsEqualOneRun() throws {
        let names = try pictures()
        _ = try PredictionBundle.write(
            folder: path("all"), to: path("one.npz"), submission: path("one.zip"))
        for count in [1, 2, 3, names.count] {
            var parts: [Path] = []
            for part in 0..<count {
                let mine = Set(names.indices.filter { $0 % count == part }.map { Path(names[$0]) })
                parts.append(path("parts/\(count)-\(part).npz"))
                let summary = try PredictionBundle.write(folder: path("all"), to: parts[part]) {
                    mine.contains($0)
                }
                #expect(summary.pictureCount == mine.count)
            }
            for order in [parts, parts.reversed()] {
                let merged = try PredictionBundle.merge(
                    order, to: path("merged.npz"), submission: path("merged.zip"))
                #expect(merged == names.count)
                #expect(bytes("merged.npz") == bytes("one.npz"))
                #expect(bytes("merged.zip") == bytes("one.zip"))
            }
        }
    }

    @Test("names that are no text are sorted by their keys, alone and merged")
    func bytesAreSortedByTheirKeys() throws {
        let raw = Path(bytes: Array(folder.path("all/").utf8) + [0xFF] + Array(".png".utf8))
        try AtomicFile.write(TestPictures.file(), to: raw)
        for name in ["a.png", "A.png"] { try folder.write(TestPictures.file(), to: "all/\(name)") }
        _ = try PredictionBundle.write(folder: path("all"), to: path("one.npz"))
        _ = try PredictionBundle.write(folder: path("all"), to: path("x.npz")) { $0 == "a.png" }
        _ = try PredictionBundle.write(folder: path("all"), to: path("y.npz")) { $0 != "a.png" }
        _ = try PredictionBundle.merge([path("x.npz"), path("y.npz")], to: path("merged.npz"))
        #expect(bytes("merged.npz") == bytes("one.npz"))
    }

    @Test("a part may be the result's place; the same picture in two is refused, and nothing is written")
    func conflicts() throws {
        _ = try pictures()
        _ = try PredictionBundle.write(folder: path("all"), to: path("a.npz")) { $0 == "2.png" }
        _ = try PredictionBundle.write(folder: path("all"), to: path("b.npz")) { $0 != "10.png" }
        #expect(throws: PredictionBundleError.inBoth(key: "2.png", path("a.npz"), path("b.npz"))) {
            try PredictionBundle.merge([path("a.npz"), path("b.npz")], to: path("c.npz"))
        }
        #expect(bytes("c.npz") == nil)
        _ = try PredictionBundle.write(folder: path("all"), to: path("b.npz")) { $0 == "10.png" }
        #expect(try PredictionBundle.merge([path("a.npz"), path("b.npz")], to: path("a.npz")) == 2)
        #expect(throws: (any Error).self) {
            try PredictionBundle.merge([path("a.npz"), path("absent.npz")], to: path("c.npz"))
        }
        try folder.write(Array("no zip".utf8), to: "bad.npz")
        #expect(throws: (any Error).self) {
            try PredictionBundle.merge([path("bad.npz")], to: path("c.npz"))
        }
        #expect(bytes("c.npz") == nil)
    }
}
