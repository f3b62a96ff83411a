import Tensors

/// Layer normalisation over the channels of each pixel (PromptIR's `WithBias_LayerNorm` and
/// `BiasFree_LayerNorm`: eps 1e-5, population variance). The weight and the bias are folded into the
/// following product.
package enum LayerNorm {
    static let epsilon: Float = 1e-5

    /// Computes `out = (x − mean) / sqrt(var + eps)`, or `x / sqrt(var + eps)` without a bias.
    ///
    /// - Parameters:
    ///   - input: `count` pixels, `inputStride` floats apart; floats from `channels` to the next multiple of
    ///     8 must be zero.
    ///   - output: `count` pixels, `outputStride` floats apart, written up to the next multiple of 8. May be
    ///     `input`.
    @inline(never)
    package static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        let vectorCount = (channels + 7) / 8
        let fullCount = channels / 8
        let scale = 1 / Float(channels)
        for index in 0..<count {
            let x = input + index * inputStride
            let y = output + index * outputStride
            var sumA = Vector8.zero
            var sumB = Vector8.zero
            var vector = 0
            while vector + 1 < vectorCount {
                sumA += load8(x + vector * 8)
                sumB += load8(x + vector * 8 + 8)
                vector += 2
            }
            if vector < vectorCount { sumA += load8(x + vector * 8) }
            let mean = (sumA + sumB).sum() * scale
            let means = Vector8(repeating: mean)
            var squaresA = Vector8.zero
            var squaresB = Vector8.zero
            vector = 0
            while vector + 1 < fullCount {
                let a = load8(x + vector * 8) - means
                let b = load8(x + vector * 8 + 8) - means
                squaresA.addProduct(a, a)
                squaresB.addProduct(b, b)
                vector += 2
            }
            if vector < fullCount {
                let a = load8(x + vector * 8) - means
                squaresA.addProduct(a, a)
            }
            var squares = (squaresA + squaresB).sum()
            var channel = fullCount * 8
            while channel < channels {
                let difference = x[channel] - mean
                squares += difference * difference
                channel += 1
            }
            let inverse = 1 / (squares * scale + epsilon).squareRoot()
            let factor = Vector8(repeating: inverse)
            let shift = subtractsMean ? means : Vector8.zero
            for vector in 0..<vectorCount {
                store8((load8(x + vector * 8) - shift) * factor, y + vector * 8)
            }
        }
    }
}
