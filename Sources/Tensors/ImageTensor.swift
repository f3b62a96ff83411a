/// The input and output of the network: colour planes (channels, height, width) of float32, contiguous and row-major.
/// Values are nominally in [0, 1]; nothing here clamps them.
package struct ImageTensor: Sendable, Equatable {
    package let channels: Int
    package let height: Int
    package let width: Int
    /// The `channels * height * width` values; (c, y, x) is at `(c * height + y) * width + x`.
    package var values: [Float]

    /// Traps if `values` does not have `channels * height * width` elements.
    package init(channels: Int = 3, height: Int, width: Int, values: [Float]) {
        precondition(
            values.count == channels * height * width, "ImageTensor: value count does not fit the shape")
        self.channels = channels
        self.height = height
        self.width = width
        self.values = values
    }

    /// Creates an image of zeros.
    package init(channels: Int = 3, height: Int, width: Int) {
        self.init(
            channels: channels, height: height, width: width,
            values: [Float](repeating: 0, count: channels * height * width))
    }
}
