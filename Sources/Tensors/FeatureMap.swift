/// A view of features in an arena: `height × width` pixels in rows, `stride` words of 32 bits apart. The first
/// `channels` values of a pixel are its features (channels last).
///
/// A word holds one float, or two neighbouring bfloat16. A pixel has the words of `channels` rounded up to
/// `FeatureMap.lane`, so that kernels may write whole panels; the values beyond `channels` are zero.
package struct FeatureMap: @unchecked Sendable {
    // Unchecked because a view does not own its memory, and concurrent tasks write disjoint pixels.

    /// The number of floats in a panel, the unit in which products write channels.
    @inlinable package static var lane: Int { 16 }

    package let base: UnsafeMutablePointer<Float>
    package let channels: Int
    package let height: Int
    package let width: Int
    package let stride: Int
    /// Of the pass that the map belongs to.
    package let precision: Precision

    package init(
        base: UnsafeMutablePointer<Float>, channels: Int, height: Int, width: Int, stride: Int? = nil,
        precision: Precision = .float32
    ) {
        self.base = base
        self.channels = channels
        self.height = height
        self.width = width
        self.stride = stride ?? Self.stride(channels, in: precision)
        self.precision = precision
    }

    /// Creates a map in a run of floats.
    package init(_ run: FloatRun, channels: Int, height: Int, width: Int) {
        self.init(base: run.base, channels: channels, height: height, width: width)
    }

    package var pixelCount: Int { height * width }

    /// The words of a panel of features.
    package var panelStride: Int { precision.wordCount(Self.lane) }

    /// Returns the words from pixel to pixel of a map of whole panels.
    package static func stride(_ channels: Int, in precision: Precision) -> Int {
        precision.wordCount(paddedChannels(channels))
    }

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
