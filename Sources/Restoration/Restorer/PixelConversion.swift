import Images
import Tensors

/// Converts pixels to the network's input and back.
///
/// Division by 255 or 65,535 turns samples into floats in [0, 1]. A grey picture fills all three planes, and
/// on the way back the three results are averaged. Each of them estimates the same grey, and the mean of
/// equal estimates has the smallest error; luma's weights would trust green most without a reason. Alpha is
/// left out.
package enum PixelConversion {
    /// Returns the network's input, (3, H, W).
    package static func tensor(of picture: Picture) -> ImageTensor {
        let values =
            switch picture.samples {
            case .eightBit(let samples):
                planes(samples, of: picture)
            case .sixteenBit(let samples):
                planes(samples, of: picture)
            }
        return ImageTensor(height: picture.height, width: picture.width, values: values)
    }

    /// Returns the picture with its colours replaced by the network's (3, H, W) result, clamped to [0, 1] and
    /// rounded to the nearest sample. Alpha, metadata and sample depth are unchanged.
    package static func picture(_ original: Picture, with result: ImageTensor) -> Picture {
        precondition(
            result.channels == 3 && result.height == original.height && result.width == original.width,
            "PixelConversion: the result has another size")
        var restored = original
        switch original.samples {
        case .eightBit(let samples):
            restored.samples = .eightBit(merged(samples, layout: original.layout, with: result))
        case .sixteenBit(let samples):
            restored.samples = .sixteenBit(merged(samples, layout: original.layout, with: result))
        }
        return restored
    }

    private static func planes<Sample: FixedWidthInteger & UnsignedInteger>(
        _ samples: [Sample], of picture: Picture
    ) -> [Float] {
        let pixelCount = picture.width * picture.height
        let stride = picture.layout.channelCount
        let maximum = Float(Sample.max)
        var values: [Float] = []
        values.reserveCapacity(3 * pixelCount)
        for plane in 0..<3 {
            let channel = picture.layout.colourCount == 1 ? 0 : plane
            for pixel in 0..<pixelCount {
                values.append(Float(Int32(samples[pixel * stride + channel])) / maximum)
            }
        }
        return values
    }

    private static func merged<Sample: FixedWidthInteger & UnsignedInteger>(
        _ samples: [Sample], layout: PixelLayout, with result: ImageTensor
    ) -> [Sample] {
        let pixelCount = result.width * result.height
        let stride = layout.channelCount
        let maximum = Float(Sample.max)
        var merged = samples
        for pixel in 0..<pixelCount {
            if layout.colourCount == 1 {
                let sum =
                    result.values[pixel] + result.values[pixelCount + pixel]
                    + result.values[2 * pixelCount + pixel]
                merged[pixel * stride] = sample(sum / 3, maximum: maximum)
            } else {
                for channel in 0..<3 {
                    merged[pixel * stride + channel] = sample(
                        result.values[channel * pixelCount + pixel], maximum: maximum)
                }
            }
        }
        return merged
    }

    /// Returns the value clamped and rounded to the nearest sample; NaN becomes 0. The conversion goes
    /// through Int32, for which the processor has an instruction; Swift's generic conversion of floats is
    /// slow.
    private static func sample<Sample: FixedWidthInteger>(_ value: Float, maximum: Float) -> Sample {
        value > 0 ? Sample(truncatingIfNeeded: Int32(min(value, 1) * maximum + 0.5)) : 0
    }
}
