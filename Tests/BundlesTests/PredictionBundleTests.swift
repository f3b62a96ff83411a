import ArrayFiles
import Bundles
import Files
import Foundation
import Images
import Restoration
import RestorationTestSupport
import TestSupport
import Testing

@Suite("Prediction bundle")
struct PredictionBundleTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-bundle")
        try WholeFiles.createFolders(Path(folder.path("out/sub")))
    }

    private func path(_ name: String) -> Path { Path(folder.path(name)) }

    private func writePictures(_ names: [String]) throws {
        for (index, name) in names.enumerated() {
            try folder.write(TestPictures.file(width: 5 + index, height: 4), to: "out/" + name)
        }
    }

    @Test("memory is reserved for each picture, and what never fits is left out and named")
    func reservation() throws {
        try writePictures(["a.png", "b.png"])
        try folder.write(TestPictures.file(width: 400, height: 300), to: "out/large.png")
        var inside = 0
        var reserved: [Int] = []
        let summary = try PredictionBundle.write(
            folder: path("out"), to: path("out/pred.npz"),
            reserving: { byteCount, body in
                guard byteCount < 400 * 300 * 6 else { return false }
                reserved.append(byteCount)
                inside += 1
                try body()
                return true
            })
        #expect(summary.pictureCount == 2 && inside == 2 && reserved.allSatisfy { $0 > 0 })
        #expect(summary.skipped.map(\.picture) == ["large.png"])
        #expect(summary.skipped.first?.reason.contains("memory-limit") == true)
        #expect(summary.skipped.first?.fault == nil)
    }

    @Test("holds exactly the files' pixels, sorted by name, with subfolders in the key")
    func contents() throws {
        let names = ["10.png", "2.png", "sub/0.png"]
        try writePictures(names)
        try folder.write([1], to: "out/.2.png.tmp")
        try folder.write([1], to: "out/notes.json")
        let summary = try PredictionBundle.write(folder: path("out"), to: path("out/pred.npz"))
        #expect(summary == PredictionBundle.Summary(pictureCount: 3))
        let npz = try NpzFile(path: Path(folder.path("out/pred.npz")))
        #expect(npz.names == names)
        for name in names {
            let picture = try PictureCodec.decode(WholeFiles.read(path("out/" + name)))
            let array = try npz.array(named: name)
            #expect(array.shape == [3, picture.height, picture.width])
            #expect(array.values == .uint8(PredictionPlanes(picture).bytes))
        }
        #expect(try WholeFiles.regularFiles(below: path("out")).count == 5)
    }

    @Test("the same pictures give the same bytes, again and in another place, with the submission")
    func deterministic() throws {
        try writePictures(["a.png", "b.png", "c.png"])
        _ = try PredictionBundle.write(folder: path("out"), to: path("1.npz"), submission: path("1.zip"))
        _ = try PredictionBundle.write(
            folder: path("out"), to: path("out/pred.npz"), submission: path("out/2.zip"))
        #expect(try WholeFiles.read(path("1.npz")) == WholeFiles.read(path("out/pred.npz")))
        #expect(try WholeFiles.read(path("1.zip")) == WholeFiles.read(path("out/2.zip")))
        #expect(try WholeFiles.read(path("1.zip")).starts(with: Array("PK".utf8)))
    }

    @Test(
        "a picture whose path is longer than the kernel takes is in it; what lies too deep is left out and named"
    )
    func longPaths() throws {
        try writePictures(["a.png"])
        // Foundation cannot remove what it cannot name.
        defer {
            try? Process.run(URL(fileURLWithPath: "/bin/rm"), arguments: ["-rf", folder.path]).waitUntilExit()
        }
        let files = FileSystem()
        let bytes = try WholeFiles.read(path("out/a.png"))
        func put(depth: Int, _ name: String) throws {
            let long = try #require(FileName(name))
            let folder = try files.makeFolders(
                Array(repeating: long, count: depth), below: files.openFolder(path: path("out")))
            try files.write(bytes, to: files.createFile(#require(FileName("deep.png")), in: folder))
        }
        try put(depth: 20, String(repeating: "x", count: 250))
        try put(depth: 300, "y")
        let summary = try PredictionBundle.write(folder: path("out"), to: path("pred.npz"))
        #expect(summary.pictureCount == 2 && summary.skipped.count == 1)
        #expect(summary.skipped.first?.reason.contains("File name too long") == true)
        #expect(try NpzFile(path: path("pred.npz")).names.map(\.utf8.count) == [5, 20 * 251 + 8])
    }

    @Test("alpha is dropped, grey is put into three planes, sixteen bits are rounded")
    func planes() {
        func bytes(_ layout: PixelLayout, _ samples: PixelSamples) -> [UInt8] {
            PredictionPlanes(Picture(width: 2, height: 1, layout: layout, samples: samples)).bytes
        }
        #expect(bytes(.rgba, .eightBit([1, 2, 3, 99, 4, 5, 6, 99])) == [1, 4, 2, 5, 3, 6])
        #expect(bytes(.rgb, .eightBit([1, 2, 3, 4, 5, 6])) == [1, 4, 2, 5, 3, 6])
        #expect(bytes(.greyAlpha, .eightBit([1, 99, 2, 99])) == [1, 2, 1, 2, 1, 2])
        #expect(bytes(.grey, .sixteenBit([65_535, 128])) == [255, 0, 255, 0, 255, 0])
        #expect(bytes(.grey, .sixteenBit([129, 257 * 200 + 128])) == [1, 200, 1, 200, 1, 200])
    }

    @Test("a picture that cannot be read is left out and named; the others are in")
    func damaged() throws {
        try writePictures(["a.png", "c.png"])
        try folder.write(Array("no picture".utf8), to: "out/b.png")
        var steps: [Int] = []
        let summary = try PredictionBundle.write(
            folder: path("out"), to: path("pred.npz"),
            onPicture: { done, all in
                steps.append(done)
                #expect(all == 3)
            })
        #expect(summary.pictureCount == 2 && summary.skipped.map(\.picture) == ["b.png"])
        #expect(steps == [1, 2, 3])
        #expect(try NpzFile(path: Path(folder.path("pred.npz"))).names == ["a.png", "c.png"])
    }

    @Test("an empty folder, a missing one and a bad place leave what was there")
    func refusals() throws {
        try folder.write([1, 2], to: "pred.npz")
        #expect(throws: PredictionBundleError.noPictures(path("out"))) {
            try PredictionBundle.write(folder: path("out"), to: path("pred.npz"))
        }
        #expect(throws: FileError.self) {
            try PredictionBundle.write(folder: path("none"), to: path("pred.npz"))
        }
        try folder.write([1], to: "out/a.png")
        #expect(throws: PredictionBundleError.self) {
            try PredictionBundle.write(folder: path("out"), to: path("pred.npz"))
        }
        try writePictures(["a.png"])
        #expect(throws: FileError.self) {
            try PredictionBundle.write(
                folder: path("out"), to: path("pred.npz"), submission: path("no/s.zip"))
        }
        #expect(try WholeFiles.read(path("pred.npz")) == [1, 2])
        #expect(try WholeFiles.regularFiles(below: Path(folder.path)) == ["out/a.png", "pred.npz"])
    }
}
