import Images
import PromptIR
import Restoration
import RestorationTestSupport
import Testing

@Suite("Restoring at several scales")
struct ScalesTests {
    private static func options(_ scales: ScaleMode) -> RestorationOptions {
        var options = RestorationOptions()
        options.scales = scales
        return options
    }

    private func restore(_ picture: Picture, _ options: RestorationOptions, threads: Int = 1) throws
        -> (file: RestoredPicture, picture: Picture)
    {
        let restorer = try TestModel.restorer(options)
        let file = try restorer.restore(
            PictureCodec.encode(picture, format: .png),
            session: ForwardSession(network: restorer.network, threadCount: threads))
        return (file, try PictureCodec.decode(file.bytes))
    }

    @Test("one scale is the network alone, and a small picture has no other")
    func single() throws {
        let picture = TestPictures.noise(width: 140, height: 90)
        let network = try TestModel.network.get()
        let bare = try ForwardSession(network: network, threadCount: 1).forward(
            PixelConversion.tensor(of: picture))
        let expected = PixelConversion.picture(picture, with: bare)
        for mode in [ScaleMode.factors([1]), .auto, .factors([1, 2, 4])] {
            let restored = try restore(picture, Self.options(mode))
            #expect(restored.picture.samples == expected.samples)
            #expect(restored.file.report.scales.kept == [1])
        }
    }

    @Test(
        "size, layout, depth and alpha survive; the result is another one than at full size",
        arguments: PixelLayout.allCases, [false, true])
    func layouts(layout: PixelLayout, isSixteenBit: Bool) throws {
        let picture = TestPictures.noise(width: 131, height: 135, layout: layout, isSixteenBit: isSixteenBit)
        let restored = try restore(picture, Self.options(.factors([1, 2])))
        #expect(restored.file.report.scales.kept == [1, 2])
        let alone = try restore(picture, Self.options(.factors([1])))
        #expect(restored.picture.samples != alone.picture.samples)
        #expect(restored.picture.layout == layout && restored.picture.samples.count == picture.samples.count)
        switch (picture.samples, restored.picture.samples) {
        case (.eightBit(let before), .eightBit(let after)):
            #expect(!layout.hasAlpha || alpha(before, layout) == alpha(after, layout))
        case (.sixteenBit(let before), .sixteenBit(let after)):
            #expect(!layout.hasAlpha || alpha(before, layout) == alpha(after, layout))
        default:
            Issue.record("the depth changed")
        }
    }

    private func alpha<Sample>(_ samples: [Sample], _ layout: PixelLayout) -> [Sample] {
        stride(from: layout.channelCount - 1, to: samples.count, by: layout.channelCount).map { samples[$0] }
    }

    @Test(
        "the same bytes and the same report for any number of threads", arguments: [TileMode.off, .size(96)])
    func deterministic(tile: TileMode) throws {
        let picture = TestPictures.noise(width: 516, height: 512)
        for mode in [ScaleMode.auto, .factors([1, 2, 4])] {
            var options = Self.options(mode)
            options.tile = tile
            let one = try restore(picture, options).file
            let three = try restore(picture, options, threads: 3).file
            #expect(one.bytes == three.bytes && one.report == three.report)
            #expect(one.report.scales.levels.map(\.factor).suffix(2) == [4, 2])
        }
    }

    @Test("tiles and self-ensemble lie within the scales")
    func tilesAndEnsemble() throws {
        var options = Self.options(.factors([1, 2]))
        options.tile = .size(64)
        options.tileOverlap = 16
        options.usesSelfEnsemble = true
        let restored = try restore(TestPictures.noise(width: 150, height: 128), options)
        #expect(restored.file.tileCount > 1 && restored.file.report.scales.kept == [1, 2])
        #expect(restored.picture.width == 150 && restored.picture.height == 128)
    }

    @Test("the change is that of the samples: nothing, or as much as it is")
    func change() throws {
        let picture = TestPictures.noise(width: 40, height: 30, layout: .rgba)
        let (file, restored) = try restore(picture, Self.options(.factors([1])))
        guard case .eightBit(let before) = picture.samples, case .eightBit(let after) = restored.samples
        else {
            Issue.record("the depth changed")
            return
        }
        var (sum, changedCount) = (0, 0)
        for pixel in 0..<40 * 30 {
            let differences = (0..<3).map { abs(Int(before[4 * pixel + $0]) - Int(after[4 * pixel + $0])) }
            sum += differences.reduce(0, +)
            changedCount += differences.contains { $0 > 8 } ? 1 : 0
        }
        #expect(file.report.change.mean == Double(sum) / 3600)
        #expect(file.report.change.share == Double(changedCount) / 1200)
        #expect(file.report.change.mean > 0)
    }

    @Test("of 16 bits, change is told in levels of 8")
    func sixteenBitChange() {
        func picture(_ value: UInt16) -> Picture {
            Picture(width: 2, height: 1, layout: .grey, samples: .sixteenBit([1000, value]))
        }
        let change = PictureChange(from: picture(1000), to: picture(1000 + 257 * 9))
        #expect(change.mean == 4.5 && change.share == 0.5)
        #expect(PictureChange(from: picture(1000), to: picture(1000 + 257 * 8)).share == 0)
    }
}
