import Images
import PromptIR
import Restoration
import RestorationTestSupport
import Testing

@Suite("Restorer")
struct RestorerTests {
    private func restore(_ bytes: [UInt8], _ options: RestorationOptions = RestorationOptions()) throws
        -> RestoredPicture
    {
        let restorer = try TestModel.restorer(options)
        return try restorer.restore(bytes, session: ForwardSession(network: restorer.network, threadCount: 1))
    }

    @Test(
        "size, layout, depth, alpha and metadata survive", arguments: PixelLayout.allCases, [false, true])
    func png(layout: PixelLayout, isSixteenBit: Bool) throws {
        var picture = TestPictures.noise(width: 13, height: 11, layout: layout, isSixteenBit: isSixteenBit)
        picture.iccProfile = nil
        picture.exif = Array("II*\0".utf8) + [8, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        picture.density = PixelDensity(x: 300, y: 300, unit: .metre)
        let result = try restore(PictureCodec.encode(picture, format: .png))
        let restored = try PictureCodec.decode(result.bytes)
        #expect(result.format == .png && result.tileCount == 1)
        #expect(restored.width == 13 && restored.height == 11 && restored.layout == layout)
        #expect(restored.exif == picture.exif && restored.density == picture.density)
        switch (picture.samples, restored.samples) {
        case (.eightBit(let before), .eightBit(let after)):
            #expect(!layout.hasAlpha || alpha(before, layout) == alpha(after, layout))
        case (.sixteenBit(let before), .sixteenBit(let after)):
            #expect(!layout.hasAlpha || alpha(before, layout) == alpha(after, layout))
        default:
            Issue.record("the depth changed")
        }
    }

    @Test func theThumbnailOfTheDegradedPictureIsUnlinked() throws {
        var picture = TestPictures.noise(width: 13, height: 11, layout: .rgb, isSixteenBit: false)
        // A directory without entries, and the offset of the thumbnail's.
        let block = Array("II*\0".utf8) + [8, 0, 0, 0, 0, 0]
        picture.exif = block + [14, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let restored = try PictureCodec.decode(restore(PictureCodec.encode(picture, format: .png)).bytes)
        #expect(restored.exif == block + [UInt8](repeating: 0, count: 10))
    }

    private func alpha<Sample>(_ samples: [Sample], _ layout: PixelLayout) -> [Sample] {
        stride(from: layout.channelCount - 1, to: samples.count, by: layout.channelCount).map { samples[$0] }
    }

    @Test("any size from one pixel on", arguments: [(1, 1), (1, 9), (7, 2), (8, 8), (33, 17)])
    func sizes(width: Int, height: Int) throws {
        let restored = try PictureCodec.decode(restore(TestPictures.file(width: width, height: height)).bytes)
        #expect(restored.width == width && restored.height == height)
    }

    @Test("formats: the original's by default, another one by name")
    func formats() throws {
        let jpeg = try TestPictures.file(layout: .grey, format: .jpeg)
        #expect(try restore(jpeg).format == .jpeg)
        #expect(try PictureCodec.decode(restore(jpeg).bytes).layout == .grey)
        var options = RestorationOptions()
        options.format = .png
        #expect(try PictureCodec.readHeader(restore(jpeg, options).bytes).format == .png)
        options.format = .jpeg
        let sixteen = TestPictures.noise(width: 9, height: 9, isSixteenBit: true)
        let result = try restore(PictureCodec.encode(sixteen, format: .png), options)
        #expect(try PictureCodec.decode(result.bytes).format == .jpeg)
    }

    @Test("transparency asked for as JPEG is refused, before the network's work")
    func transparentJPEG() throws {
        var options = RestorationOptions()
        options.format = .jpeg
        let error = #expect(throws: RestorationError.self) {
            try restore(TestPictures.file(layout: .rgba), options)
        }
        #expect(error?.stage == "encode")
    }

    @Test("tiles and self-ensemble give a whole picture of the same size")
    func tilesAndEnsemble() throws {
        var options = RestorationOptions()
        options.tile = .size(64)
        options.tileOverlap = 16
        let tiled = try restore(TestPictures.file(width: 100, height: 70), options)
        #expect(tiled.tileCount == 4)
        options.usesSelfEnsemble = true
        let both = try restore(TestPictures.file(width: 100, height: 70), options)
        let restored = try PictureCodec.decode(both.bytes)
        #expect(restored.width == 100 && restored.height == 70)
    }

    @Test("auto tiles what does not fit into the memory limit, and nothing else")
    func automaticTiles() throws {
        var options = RestorationOptions()
        #expect(try restore(TestPictures.file(width: 100, height: 70), options).tileCount == 1)
        let file = try TestPictures.file(width: 100, height: 70)
        options.memoryLimit = 1
        guard
            case .tooLarge(let needed, budget: 1) = #expect(
                throws: RestorationError.self, performing: { try restore(file, options) })
        else { return }
        options.memoryLimit = needed
        #expect(try restore(file, options).tileCount > 1)
        // More threads take more scratch, but nothing is refused for that.
        let restorer = try TestModel.restorer(options)
        _ = try restorer.restore(file, session: ForwardSession(network: restorer.network, threadCount: 8))
        options.memoryLimit = needed - 1
        let refused = #expect(throws: RestorationError.self) { try restore(file, options) }
        #expect(refused?.code == "too-large" && refused?.reason.contains("memory-limit") == true)
        // Whole, it takes more than in tiles.
        options.memoryLimit = needed
        options.tile = .off
        let whole = #expect(throws: RestorationError.self) { try restore(file, options) }
        #expect(whole?.code == "too-large")
    }

    @Test("bad files: the stage and what is wrong")
    func badFiles() throws {
        let file = try TestPictures.file(width: 40, height: 40)
        let truncated = #expect(throws: RestorationError.self) {
            try restore(Array(file.prefix(file.count / 2)))
        }
        guard case .decode(.truncated) = truncated else {
            Issue.record("\(String(describing: truncated))")
            return
        }
        let text = #expect(throws: RestorationError.self) { try restore(Array("a text, no".utf8)) }
        guard case .decode(.unknownFormat) = text else {
            Issue.record("\(String(describing: text))")
            return
        }
        #expect(throws: RestorationError.self) { try restore([]) }
        var options = RestorationOptions()
        options.limits.maximumPixelCount = 100
        let large = #expect(throws: RestorationError.self) { try restore(file, options) }
        #expect(large?.description.contains("100") == true)
        for count in stride(from: 0, to: file.count, by: 97) {
            #expect(throws: RestorationError.self) { try restore(Array(file.prefix(count))) }
        }
    }
}
