import Images
import Restoration
import RestorationTestSupport
import Tensors
import Testing

@Suite("Clean pictures")
struct CleanPicturesTests {
    private let picture = TestPictures.noise(width: 100, height: 50)

    /// The picture with one channel of some pixels changed by so many levels.
    private func changed(_ levels: Float, every: Int) -> ImageTensor {
        var image = PixelConversion.tensor(of: picture)
        for pixel in stride(from: 0, to: 5000, by: every) {
            let value = image.values[pixel]
            image.values[pixel] = value > 0.5 ? value - levels / 255 : value + levels / 255
        }
        return image
    }

    private func kept(_ image: ImageTensor) -> ImageTensor {
        var image = image
        CleanPictures.dropSmallChanges(of: picture, in: &image)
        return image
    }

    @Test("Small changes of a clean picture are dropped", arguments: [1, 3, 5.9] as [Float])
    func small(levels: Float) {
        #expect(PixelConversion.picture(picture, with: kept(changed(levels, every: 1))) == picture)
    }

    @Test("Changes between are reduced, none is enlarged")
    func between() {
        let before = PixelConversion.tensor(of: picture)
        let image = kept(changed(7.9, every: 1))
        for pixel in 0..<5000 {
            let change = 255 * (image.values[pixel] - before.values[pixel]).magnitude
            #expect(change > 1 && change < 7.9)
        }
    }

    @Test("A few drops go as the network says, and nothing around them changes")
    func drops() {
        let image = changed(100, every: 100)
        #expect(kept(image) == image)
    }

    @Test("With rain or snow the result is the network's, small changes too")
    func weather() {
        var image = changed(100, every: 25)
        image.values[6] += 1 / 255
        #expect(kept(image) == image)
    }

    @Test("All layouts and depths", arguments: PixelLayout.allCases, [false, true])
    func layouts(layout: PixelLayout, isSixteenBit: Bool) {
        let picture = TestPictures.noise(width: 20, height: 10, layout: layout, isSixteenBit: isSixteenBit)
        var image = PixelConversion.tensor(of: picture)
        for index in image.values.indices { image.values[index] += image.values[index] > 0.5 ? -0.01 : 0.01 }
        CleanPictures.dropSmallChanges(of: picture, in: &image)
        #expect(PixelConversion.picture(picture, with: image) == picture)
    }
}
