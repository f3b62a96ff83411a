import Tensors

/// The attention half of a transformer block (Restormer's MDTA, arXiv 2111.09881, section 3.1), over channels:
/// `x += project_out(softmax(q kᵀ · temperature) v)`, with unit rows q and k.
///
/// It runs in three steps. `gather` passes over the pixels once, keeps v, and sums q kᵀ and the squared norms. `mix`
/// turns the sums into one matrix per image, `project_out` times the attention. `apply` multiplies v by it. Neither q
/// nor k nor the attended values are ever stored.
package struct ChannelAttention: Sendable {
    package let channels: Int
    package let heads: Int
    /// The columns: for each head the panels of q, then those of k.
    let queryKey: DepthwiseProjection
    let value: DepthwiseProjection
    let temperature: [Float]
    /// `project_out` transposed: (channels in, padded channels out), row-major.
    let outputTransposed: AlignedBuffer
    let outputBias: PaddedRow?
    let subtractsMean: Bool

    /// The weights in PyTorch's layouts, row-major.
    package struct Weights {
        package var norm: NormWeights
        package var temperature: [Float]
        /// (3·channels, channels)
        package var qkv: [Float]
        package var qkvBias: [Float]?
        /// (3·channels, 9)
        package var depthwise: [Float]
        package var depthwiseBias: [Float]?
        /// (channels, channels)
        package var projectOut: [Float]
        package var projectOutBias: [Float]?

        package init(
            norm: NormWeights, temperature: [Float], qkv: [Float], qkvBias: [Float]?, depthwise: [Float],
            depthwiseBias: [Float]?, projectOut: [Float], projectOutBias: [Float]?
        ) {
            self.norm = norm
            self.temperature = temperature
            self.qkv = qkv
            self.qkvBias = qkvBias
            self.depthwise = depthwise
            self.depthwiseBias = depthwiseBias
            self.projectOut = projectOut
            self.projectOutBias = projectOutBias
        }
    }

    package init(
        channels: Int, heads: Int, weights: Weights, precision: Precision = .float32
    ) throws(OutOfMemory) {
        self.channels = channels
        self.heads = heads
        temperature = weights.temperature
        subtractsMean = weights.norm.subtractsMean
        let width = channels / heads
        let paddedWidth = FeatureMap.paddedChannels(width)
        var columns: [Int?] = []
        for head in 0..<heads {
            for part in 0..<2 {
                let start = part * channels + head * width
                columns += (0..<paddedWidth).map { $0 < width ? start + $0 : nil }
            }
        }
        let folded = weights.norm.fold(into: weights.qkv, bias: weights.qkvBias, rowCount: 3 * channels)
        func projection(_ columns: [Int?]) throws(OutOfMemory) -> DepthwiseProjection {
            try DepthwiseProjection(
                depth: channels, columns: columns, precision: precision,
                weight: { folded.weights[$0 * channels + $1] },
                bias: { folded.bias[$0] }, kernel: { weights.depthwise[$0 * 9 + $1] },
                kernelBias: { weights.depthwiseBias?[$0] ?? 0 })
        }
        queryKey = try projection(columns)
        value = try projection((0..<channels).map { 2 * channels + $0 })
        let stride = FeatureMap.paddedChannels(channels)
        outputTransposed = try AlignedBuffer(count: channels * stride)
        for row in 0..<channels {
            for column in 0..<channels {
                outputTransposed.base[row * stride + column] = weights.projectOut[column * channels + row]
            }
        }
        if let bias = weights.projectOutBias {
            outputBias = try PaddedRow(columns: Array(0..<channels)) { bias[$0] }
        } else {
            outputBias = nil
        }
    }

    var precision: Precision { value.precision }

    /// Channels of a head, rounded up to panels.
    var paddedHeadWidth: Int { FeatureMap.paddedChannels(channels / heads) }
    var panelsPerHead: Int { paddedHeadWidth / FeatureMap.lane }

    /// The number of floats in one strip's sums: for each head the products q kᵀ, then the squared norms of
    /// q, then those of k.
    package var sumCount: Int { heads * headSumCount }
    var headSumCount: Int { paddedHeadWidth * paddedHeadWidth + 2 * paddedHeadWidth }
}
