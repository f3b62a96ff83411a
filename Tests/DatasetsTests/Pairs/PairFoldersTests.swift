import Datasets
import Files
import Images
import TestSupport
import Testing

@Suite("Folders of pairs")
struct PairFoldersTests {
    private let fixture: PairFixture

    init() throws {
        fixture = try PairFixture()
    }

    @Test("The challenge's layout")
    func challenge() throws {
        for (number, name) in ["rain-1", "rain-10", "snow-2"].enumerated() {
            let clean = name.replacing("-", with: "_clean-")
            try fixture.write("train/degraded/\(name).png", number: number)
            try fixture.write("train/clean/\(clean).png", number: number + 100)
        }
        let source = try PairFolders(fixture.path())
        #expect((0..<source.count).map(source.name) == ["rain-1.png", "rain-10.png", "snow-2.png"])
        for index in 0..<3 {
            let pair = try source.pair(at: index, .whole(seed: 1, index: index))
            #expect(pair.degraded.samples[2] == UInt8(index))
            #expect(pair.clean.samples[2] == UInt8(index + 100))
            #expect(try source.size(at: index) == PictureSize(width: 24, height: 16))
        }
    }

    @Test("Parallel folders: same names, other extensions, subfolders")
    func parallel() throws {
        try fixture.write("in/a.png", number: 1)
        try fixture.write("in/deep/b-3.png", number: 2)
        try fixture.write("target/a.jpg", number: 3, format: .jpeg)
        try fixture.write("target/deep/b-3.png", number: 4)
        let source = try PairFolders(degraded: fixture.path("in"), clean: fixture.path("target"))
        #expect(source.count == 2)
        #expect(source.cleanPath(at: 0) == fixture.path("target/a.jpg"))
        #expect(try source.pair(at: 1, .whole(seed: 1, index: 1)).clean.samples[2] == 4)
    }

    @Test("The folder may hold degraded and clean at once")
    func withoutTrain() throws {
        try fixture.writeParallel(2)
        #expect(try PairFolders(fixture.path()).count == 2)
    }

    @Test("A missing clean picture is named, with the name that was expected")
    func missingClean() throws {
        try fixture.write("degraded/rain-1.png")
        try fixture.write("degraded/rain-2.png")
        try fixture.write("clean/rain_clean-2.png")
        let error = #expect(throws: DatasetError.self) { try PairFolders(fixture.path()) }
        #expect(
            error
                == .missingClean(
                    degraded: fixture.path("degraded"), clean: fixture.path("clean"), names: ["rain-1.png"]))
        #expect(error?.description.contains("clean/rain_clean-1.png") == true)
    }

    @Test("So is a missing degraded one")
    func missingDegraded() throws {
        try fixture.writeParallel(1)
        for number in 1..<6 { try fixture.write("clean/x\(number).png") }
        let error = #expect(throws: DatasetError.self) { try PairFolders(fixture.path()) }
        #expect(error?.description.contains("x1.png, x2.png, x3.png and 2 more without a degraded") == true)
    }

    @Test("Two degraded pictures cannot share a clean one")
    func shared() throws {
        try fixture.write("degraded/a.png")
        try fixture.write("degraded/a.jpg", format: .jpeg)
        try fixture.write("clean/a.png")
        #expect(throws: DatasetError.sharedClean(fixture.path("clean/a.png"), names: ["a.jpg", "a.png"])) {
            try PairFolders(fixture.path())
        }
    }

    @Test("Sizes that differ are told, at the check and when a pair is read")
    func sizes() throws {
        try fixture.write("degraded/a.png", width: 24, height: 16)
        try fixture.write("clean/a.png", width: 24, height: 17)
        let expected = DatasetError.sizesDiffer(
            degraded: fixture.path("degraded/a.png"), PictureSize(width: 24, height: 16),
            clean: fixture.path("clean/a.png"), PictureSize(width: 24, height: 17))
        let source = try PairFolders(fixture.path())
        #expect(throws: expected) { try source.size(at: 0) }
        #expect(throws: expected) { try source.pair(at: 0, .whole(seed: 1, index: 0)) }
        #expect(expected.description.contains("24×16 pixels"))
    }

    @Test("A file that is no picture, or a torn one, is named")
    func unreadable() throws {
        try fixture.writeParallel(1)
        try fixture.write("degraded/p0.png", bytes: Array("no picture".utf8))
        let source = try PairFolders(fixture.path())
        let error = #expect(throws: DatasetError.self) {
            try source.pair(at: 0, .whole(seed: 1, index: 0))
        }
        #expect(error?.description.contains("cannot read \(fixture.path("degraded/p0.png"))") == true)
        #expect(error?.description.contains("replace the file") == true)
        #expect(throws: DatasetError.self) { try source.size(at: 0) }
        let whole = try PictureCodec.encode(
            PairFixture.pixels(number: 1, width: 24, height: 16).picture, format: .png)
        try fixture.write("degraded/p0.png", bytes: Array(whole.prefix(60)))
        #expect(throws: DatasetError.self) { try source.pair(at: 0, .whole(seed: 1, index: 0)) }
    }

    @Test("Nothing there: each kind of nothing has its words")
    func nothing() throws {
        #expect(throws: FileError.self) { try PairFolders(fixture.path("none")) }
        #expect(throws: DatasetError.unknownLayout(fixture.path())) { try PairFolders(fixture.path()) }
        try fixture.write("degraded/notes.txt", bytes: [1])
        try fixture.write("clean/a.png")
        #expect(throws: DatasetError.noPictures(fixture.path("degraded"))) {
            try PairFolders(fixture.path())
        }
    }

    @Test("Grey, alpha and 16 bits become 8-bit RGB")
    func layouts() throws {
        let grey = Picture(width: 1, height: 1, layout: .greyAlpha, samples: .eightBit([7, 255]))
        #expect(RGBPixels(grey).samples == [7, 7, 7])
        let deep = Picture(
            width: 1, height: 1, layout: .rgba, samples: .sixteenBit([0, 257 * 9 + 128, 65_535, 1]))
        #expect(RGBPixels(deep).samples == [0, 9, 255])
    }

    @Test("The cache stays within its bound and changes nothing")
    func cache() throws {
        try fixture.writeParallel(6)
        let bytes = 24 * 16 * 3
        let cache = PictureCache(byteLimit: 5 * bytes)
        let cached = try PairFolders(fixture.path(), cache: cache)
        let plain = try PairFolders(fixture.path(), cache: PictureCache(byteLimit: 0))
        for _ in 0..<2 {
            for index in 0..<6 {
                let choice = PatchChoice(.square(8), flips: true, seed: 4, epoch: 0, position: index)
                #expect(try cached.pair(at: index, choice) == plain.pair(at: index, choice))
            }
        }
        #expect(cache.byteCount == 5 * bytes)
    }
}
