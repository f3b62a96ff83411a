import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite struct PaddedImageTests {
    @Test(arguments: 1...20, [1, 2, 4, 5, 7, 8, 9, 12, 13])
    func agreesWithItsTwin(height: Int, width: Int) throws {
        let values = Values.uniform("image", 3 * height * width)
        let target = try GuardedMap(
            channels: 3, height: NetworkSide.roundedUp(height), width: NetworkSide.roundedUp(width),
            stride: PaddedImage.stride)
        var output = ImageTensor(height: height, width: width)
        ImagePlanes.with(ImageTensor(height: height, width: width, values: values), &output) {
            PaddedImage.load($0, into: target.map)
        }
        let twin = Reference.padded(
            Planes(values, channels: 3, height: height, width: width), toMultipleOf: NetworkSide.unit)
        #expect(target.map.height == twin.height && target.map.width == twin.width)
        #expect(target.planes.doubles == twin.values)
        #expect(target.memory.guardsAreIntact)
        #expect((0..<target.map.pixelCount).allSatisfy { target.memory.base[$0 * 4 + 3] == 0 })
    }

    @Test func reflectsWithoutRepeatingTheEdge() {
        #expect((0..<16).map { PaddedImage.source($0, length: 9) } == Array(0...8) + [7, 6, 5, 4, 3, 2, 1])
    }

    /// Mirroring 1…4 pixels to 8 would need as many again as there are: the last one is repeated.
    @Test(arguments: 1...4) func repeatsWhereTooSmall(length: Int) {
        let sources = (0..<8).map { PaddedImage.source($0, length: length) }
        #expect(sources == Array(0..<length) + Array(repeating: length - 1, count: 8 - length))
    }
}
