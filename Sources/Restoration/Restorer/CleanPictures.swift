import Images
import Tensors

/// Leaves clean pictures unchanged.
///
/// The network changes a clean photograph slightly everywhere, and most in fine texture. It changes rain and
/// snow by much more. If almost no pixel changes visibly, the picture has no rain or snow, and small changes
/// are dropped.
package enum CleanPictures {
    /// A pixel changes visibly if one of its channels changes by more than this, in 8-bit levels.
    static let visibleChange: Float = 8
    /// If at least this share of the pixels changes visibly, the network's result is used unchanged.
    static let visibleShare = 0.03
    /// If no pixel changes visibly, pixels that change by at most this many 8-bit levels stay as they were,
    /// and those that change by up to twice as much change less.
    static let largestDropped: Float = 6

    /// Drops small changes from a result.
    ///
    /// - Parameters:
    ///   - original: the picture before restoration, (H, W).
    ///   - result: the network's result, (3, H, W), which is overwritten. Traps if its size differs.
    package static func dropSmallChanges(of original: Picture, in result: inout ImageTensor) {
        precondition(
            result.channels == 3 && result.height == original.height && result.width == original.width,
            "CleanPictures: the result has another size")
        switch original.samples {
        case .eightBit(let samples): drop(samples, original.layout, &result)
        case .sixteenBit(let samples): drop(samples, original.layout, &result)
        }
    }

    private static func drop<Sample: FixedWidthInteger & UnsignedInteger>(
        _ samples: [Sample], _ layout: PixelLayout, _ result: inout ImageTensor
    ) {
        let pixelCount = result.height * result.width
        let stride = layout.channelCount
        let maximum = Float(Sample.max)
        let isGrey = layout.colourCount == 1
        func original(_ pixel: Int, _ channel: Int) -> Float {
            Float(Int32(samples[pixel * stride + (isGrey ? 0 : channel)])) / maximum
        }
        /// Returns the change of the channel that changes most, in 8-bit levels.
        func change(_ pixel: Int) -> Float {
            var largest: Float = 0
            for channel in 0..<3 {
                // Values beyond black and white are clamped, as in the written picture.
                let value = min(max(result.values[channel * pixelCount + pixel], 0), 1)
                largest = max(largest, (value - original(pixel, channel)).magnitude)
            }
            return 255 * largest
        }
        var visibleCount = 0
        for pixel in 0..<pixelCount where change(pixel) > visibleChange { visibleCount += 1 }
        let share = Double(visibleCount) / Double(pixelCount)
        guard share < visibleShare else { return }
        let dropped = largestDropped * Float(1 - share / visibleShare)
        for pixel in 0..<pixelCount {
            let part = min(max((change(pixel) - dropped) / dropped, 0), 1)
            guard part < 1 else { continue }
            for channel in 0..<3 {
                let before = original(pixel, channel)
                let index = channel * pixelCount + pixel
                result.values[index] = before + (result.values[index] - before) * part
            }
        }
    }
}
