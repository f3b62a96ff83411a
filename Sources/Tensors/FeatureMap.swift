/// A view of features in an arena: `height × width` pixels in rows, `stride` floats apart. The first `channels`
/// floats of a pixel are its features (channels last).
///
/// `stride` is `channels` rounded up to `FeatureMap.lane`, so that a pixel begins on a cache line and kernels
/// may write whole panels; the values between `channels` and `stride` are zero. A map of a narrower type counts
/// words of 32 bits: its stride is half as long in bfloat16.
package struct FeatureMap: @unchecked Sendable {
    // Unchecked because a view does not own its memory, and concurrent tasks write disjoint pixels.

    /// The number of floats in a panel, the unit in which products write channels.
    @inlinable package static var lane: Int { 16 }

    package let base: UnsafeMutablePointer<Float>
    package let channels: Int
    package let height: Int
    package let width: Int
    package let stride: Int

    package init(
        base: UnsafeMutablePointer<Float>, channels: Int, height: Int, width: Int, stride: Int? = nil
    ) {
        self.base = base
        self.channels = channels
        self.height = height
        self.width = width
        self.stride = stride ?? Self.paddedChannels(channels)
    }

    /// Creates a map in a run of floats.
    package init(_ run: FloatRun, channels: Int, height: Int, width: Int) {
        self.init(base: run.base, channels: channels, height: height, width: width)
    }

    package var pixelCount: Int { height * width }

    /// Returns a number of channels rounded up to whole panels.
    @inlinable package static func paddedChannels(_ channels: Int) -> Int {
        (channels + lane - 1) / lane * lane
    }

    /// Returns the features of the pixel in row `y`, column `x`.
    @inline(__always)
    package func pixel(_ y: Int, _ x: Int) -> UnsafeMutablePointer<Float> {
        base + (y &* width &+ x) &* stride
    }
}
