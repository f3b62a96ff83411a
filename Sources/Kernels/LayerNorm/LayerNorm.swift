import Products

/// Layer normalisation over the channels of each pixel (PromptIR's `WithBias_LayerNorm` and
/// `BiasFree_LayerNorm`: eps 1e-5, population variance). The weight and the bias are folded into the
/// following product.
package enum LayerNorm {
    static let epsilon: Float = 1e-5

    /// Computes `out = (x − mean) / sqrt(var + eps)`, or `x / sqrt(var + eps)` without a bias.
    ///
    /// - Parameters:
    ///   - input: `count` pixels, `inputStride` floats apart; floats from `channels` to the next multiple of
    ///     16 must be zero.
    ///   - output: `count` pixels, `outputStride` floats apart, written up to the next multiple of 16. May be
    ///     `input`.
    @inline(__always)
    package static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        Float32.build.normalize(
            input, inputStride: inputStride, channels: channels, count: count,
            subtractsMean: subtractsMean, epsilon: epsilon, output: output, outputStride: outputStride)
    }
}
