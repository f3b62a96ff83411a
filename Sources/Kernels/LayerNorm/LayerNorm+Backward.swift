import Products

extension LayerNorm {
    /// Adds the gradient of `normalize` with respect to its input. With `r = 1 / sqrt(var + eps)`, the output
    /// x̂, its gradient ĝ and means over the channels, it is `r · (ĝ − mean(ĝ) − x̂ · mean(ĝ x̂))`. If the
    /// mean is not subtracted, it is `r · (ĝ − (x − mean) r² · mean(ĝ x))`. The weight and the bias belong to
    /// the following product.
    ///
    /// - Parameters:
    ///   - input: x, `count` pixels `stride` floats apart, whole panels of 16; zero beyond `channels`.
    ///   - gradient: ĝ, in the same layout; values beyond `channels` are ignored.
    ///   - addend: the gradient that reaches x around the norm, which is added to the result. It may be
    ///     `output`.
    ///   - output: overwritten, with zeros beyond `channels`. May be `gradient`.
    @inline(__always)
    static func backward(
        _ input: UnsafePointer<Float>, gradient: UnsafePointer<Float>, addend: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, stride: Int, channels: Int, count: Int, subtractsMean: Bool
    ) {
        Float32.build.normalizeBackward(
            input, gradient: gradient, addend: addend, output: output, stride: stride,
            channels: channels, count: count, subtractsMean: subtractsMean, epsilon: epsilon)
    }
}
