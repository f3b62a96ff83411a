/// A stack of colour planes, (channels, height, width) float32, contiguous, row-major: what the network
/// takes and returns. Values are nominally in [0, 1]; nothing here clamps them.
public struct ImageTensor: Sendable, Equatable {
    public let channels: Int
    public let height: Int
    public let width: Int
    /// `channels * height * width` values; (c, y, x) lies at `(c * height + y) * width + x`.
    public var values: [Float]

    /// Traps if `values` does not have `channels * height * width` elements.
    public init(channels: Int = 3, height: Int, width: Int, values: [Float]) {
        precondition(
            values.count == channels * height * width, "ImageTensor: value count does not fit the shape")
        self.channels = channels
        self.height = height
        self.width = width
        self.values = values
    }

    /// An image of zeros.
    public init(channels: Int = 3, height: Int, width: Int) {
        self.init(
            channels: channels, height: height, width: width,
            values: [Float](repeating: 0, count: channels * height * width))
    }
}
