import Images
import Tensors

/// Mixes a restored picture with its original.
package enum PictureBlend {
    /// Moves a result towards its original.
    ///
    /// - Parameters:
    ///   - original: the picture before restoration, (H, W).
    ///   - strength: 1 leaves the result as it is, 0 gives the original.
    ///   - result: the network's result, (3, H, W), which is overwritten. Traps if its size differs.
    package static func blend(_ original: Picture, strength: Double, in result: inout ImageTensor) {
        precondition(
            result.channels == 3 && result.height == original.height && result.width == original.width,
            "PictureBlend: the result has another size")
        guard strength < 1 else { return }
        switch original.samples {
        case .eightBit(let samples): blend(samples, original.layout, Float(strength), &result)
        case .sixteenBit(let samples): blend(samples, original.layout, Float(strength), &result)
        }
    }

    private static func blend<Sample: FixedWidthInteger & UnsignedInteger>(
        _ samples: [Sample], _ layout: PixelLayout, _ strength: Float, _ result: inout ImageTensor
    ) {
        let pixelCount = result.height * result.width
        let stride = layout.channelCount
        let maximum = Float(Sample.max)
        for channel in 0..<3 {
            let source = layout.colourCount == 1 ? 0 : channel
            for pixel in 0..<pixelCount {
                let index = channel * pixelCount + pixel
                let before = Float(Int32(samples[pixel * stride + source])) / maximum
                // Values beyond black and white are clamped first, as in a picture that is restored alone.
                let after = min(max(result.values[index], 0), 1)
                result.values[index] = before + (after - before) * strength
            }
        }
    }
}
