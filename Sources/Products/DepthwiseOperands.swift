/// One or two neighbouring output rows of a depthwise 3×3 convolution of a panel, for the builds that are chosen at
/// run time. Rows are `count + 2` pixels of 16 floats; pixel 0 is the left neighbour of the first.
package struct DepthwiseOperands {
    package var row0: UnsafePointer<Float>
    package var row1: UnsafePointer<Float>
    package var row2: UnsafePointer<Float>
    /// The row below the second output row; nil for a single one.
    package var row3: UnsafePointer<Float>?
    package var count: Int
    /// Nine rows of 16 floats.
    package var weights: UnsafePointer<Float>
    /// 16 floats.
    package var bias: UnsafePointer<Float>
    /// `count` pixels, no overlap.
    package var output: UnsafeMutablePointer<Float>
    /// 32-bit words from pixel to pixel.
    package var outputStride: Int
    /// 32-bit words from the first output row to the second.
    package var outputRowStride: Int

    @inline(__always)
    package init(
        _ row0: UnsafePointer<Float>, _ row1: UnsafePointer<Float>, _ row2: UnsafePointer<Float>,
        _ row3: UnsafePointer<Float>?, count: Int, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, outputStride: Int, outputRowStride: Int
    ) {
        self.row0 = row0
        self.row1 = row1
        self.row2 = row2
        self.row3 = row3
        self.count = count
        self.weights = weights
        self.bias = bias
        self.output = output
        self.outputStride = outputStride
        self.outputRowStride = outputRowStride
    }
}

/// How a depthwise convolution stores its results where the next product takes narrow operands.
package enum DepthwiseForm: Equatable {
    /// 16 floats for a pixel.
    case floats
    /// Eight words for a pixel, each with two neighbouring channels.
    case channelPairs
    /// 16 words for two pixels above each other, each with one channel of both; zero for the second of a single row.
    case rowPairs
    /// Both: pairs of channels in the output, and pairs of rows in `rowPairs`, 16 words from pixel to pixel.
    case bothPairs(rowPairs: UnsafeMutablePointer<Float>)
}
