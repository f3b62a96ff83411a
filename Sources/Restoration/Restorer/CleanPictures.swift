import Images
import Tensors

/// Leaves alone what is clean.
///
/// The network changes a clean photograph a little everywhere, most where it has fine texture. Rain and snow are changed
/// by much more. Where next to no pixel is changed visibly, there is no weather in the picture, and small changes are
/// dropped.
package enum CleanPictures {
    /// A pixel is changed visibly if one of its channels changes by more, in 8-bit levels.
    static let visibleChange: Float = 8
    /// A picture with at least this share of such pixels is taken as the network returns it.
    static let visibleShare = 0.03
    /// Where there are none, pixels that change by at most this many levels stay as they were, and those up to twice as
    /// much change less.
    static let largestDropped: Float = 6

    /// Takes small changes back from a result.
    ///
    /// - Parameters:
    ///   - original: what was restored, (H, W).
    ///   - result: what the network made of it, (3, H, W). Traps if it has another size.
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
        /// Of the channel that changes most, in 8-bit levels.
        func change(_ pixel: Int) -> Float {
            var largest: Float = 0
            for channel in 0..<3 {
                // What is beyond black or white is not written either.
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
