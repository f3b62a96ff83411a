import Images
import Restoration
import RestorationTestSupport
import Tensors
import Testing

@Suite struct PictureBlendTests {
    private let picture = TestPictures.noise(width: 60, height: 40)

    private func blended(_ strength: Double) -> ImageTensor {
        var result = PixelConversion.tensor(of: picture)
        for index in result.values.indices { result.values[index] = 1.5 - result.values[index] * 1.5 }
        PictureBlend.blend(picture, strength: strength, in: &result)
        return result
    }

    @Test func oneIsTheResultAndZeroTheOriginal() {
        let before = PixelConversion.tensor(of: picture)
        let result = blended(1)
        #expect(zip(result.values, before.values).allSatisfy { $0 == 1.5 - $1 * 1.5 })
        #expect(PixelConversion.picture(picture, with: blended(0)) == picture)
    }

    @Test func halfIsTheMeanOfBoth() {
        let before = PixelConversion.tensor(of: picture)
        for (value, original) in zip(blended(0.5).values, before.values) {
            let after = min(max(1.5 - original * 1.5, 0), 1)
            #expect((value - (original + after) / 2).magnitude < 1e-6)
        }
    }
}
