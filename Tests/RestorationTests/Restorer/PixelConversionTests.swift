import Images
import Restoration
import RestorationTestSupport
import Tensors
import Testing

@Suite("Pixels into the network and back")
struct PixelConversionTests {
    @Test("every sample comes back as it went in", arguments: PixelLayout.allCases, [false, true])
    func roundTrip(layout: PixelLayout, isSixteenBit: Bool) {
        let picture = TestPictures.noise(width: 31, height: 17, layout: layout, isSixteenBit: isSixteenBit)
        let tensor = PixelConversion.tensor(of: picture)
        #expect(tensor.channels == 3 && tensor.height == 17 && tensor.width == 31)
        #expect(PixelConversion.picture(picture, with: tensor) == picture)
    }

    @Test("all 256 and all 65,536 values survive")
    func allValues() {
        let eight = Picture(width: 256, height: 1, layout: .grey, samples: .eightBit(Array(0...255)))
        #expect(PixelConversion.picture(eight, with: PixelConversion.tensor(of: eight)) == eight)
        #expect(
            PixelConversion.tensor(of: eight).values[..<256].elementsEqual((0...255).map { Float($0) / 255 }))
        let sixteen = Picture(width: 256, height: 256, layout: .grey, samples: .sixteenBit(Array(0...65_535)))
        #expect(PixelConversion.picture(sixteen, with: PixelConversion.tensor(of: sixteen)) == sixteen)
    }

    @Test("results are clamped and rounded to nearest, not truncated")
    func rounding() {
        let picture = Picture(
            width: 6, height: 1, layout: .rgb, samples: .eightBit(Array(repeating: 0, count: 18)))
        let row: [Float] = [-0.5, 1.5, 100.4 / 255, 100.6 / 255, 0.499 / 255, 0.501 / 255]
        let result = PixelConversion.picture(
            picture, with: ImageTensor(height: 1, width: 6, values: row + row + row))
        let expected: [UInt8] = [0, 255, 100, 101, 0, 1]
        #expect(result.samples == .eightBit(expected.flatMap { [$0, $0, $0] }))
    }

    @Test("planes are red, green, blue; alpha is not asked")
    func planes() {
        let picture = Picture(width: 1, height: 1, layout: .rgba, samples: .eightBit([255, 51, 0, 7]))
        let tensor = PixelConversion.tensor(of: picture)
        #expect(tensor.values == [1, 0.2, 0])
        let changed = PixelConversion.picture(
            picture, with: ImageTensor(height: 1, width: 1, values: [0, 1, 0.2]))
        #expect(changed.samples == .eightBit([0, 255, 51, 7]))
    }

    @Test("grey is the mean of the three results, alpha stays")
    func grey() {
        let picture = Picture(width: 1, height: 1, layout: .greyAlpha, samples: .eightBit([10, 99]))
        let result = ImageTensor(height: 1, width: 1, values: [0, 0.3, 0.6])
        #expect(PixelConversion.picture(picture, with: result).samples == .eightBit([77, 99]))
    }
}
