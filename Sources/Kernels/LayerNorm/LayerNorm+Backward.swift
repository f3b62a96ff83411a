import Tensors

extension LayerNorm {
    /// Adds the gradient of `normalize` with respect to its input. With `r = 1 / sqrt(var + eps)`, the output
    /// x̂, its gradient ĝ and means over the channels, it is `r · (ĝ − mean(ĝ) − x̂ · mean(ĝ x̂))`. If the
    /// mean is not subtracted, it is `r · (ĝ − (x − mean) r² · mean(ĝ x))`. The weight and the bias belong to
    /// the following product.
    ///
    /// - Parameters:
    ///   - input: x, `count` pixels `stride` floats apart.
    ///   - gradient: ĝ, in the same layout; values beyond `channels` are ignored.
    ///   - addend: the gradient that reaches x around the norm, which is added to the result. It may be
    ///     `output`.
    ///   - output: overwritten, with zeros beyond `channels`. May be `gradient`.
    @inline(never)
    static func backward(
        _ input: UnsafePointer<Float>, gradient: UnsafePointer<Float>, addend: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, stride: Int, channels: Int, count: Int, subtractsMean: Bool
    ) {
        let scale = 1 / Float(channels)
        let vectors = channels / 8
        for index in 0..<count {
            let x = input + index * stride
            let g = gradient + index * stride
            let y = output + index * stride
            let z = addend + index * stride
            var sum = Vector8.zero
            for vector in 0..<vectors { sum += load8(x + vector * 8) }
            var mean = sum.sum()
            for channel in vectors * 8..<channels { mean += x[channel] }
            mean *= scale
            let means = Vector8(repeating: mean)
            let origin: Float = subtractsMean ? mean : 0
            let origins = Vector8(repeating: origin)
            var squares = Vector8.zero
            var products = Vector8.zero
            var gradients = Vector8.zero
            for vector in 0..<vectors {
                let value = load8(x + vector * 8)
                let slope = load8(g + vector * 8)
                squares.addProduct(value - means, value - means)
                products.addProduct(slope, value - origins)
                gradients += slope
            }
            var (square, product, total) = (squares.sum(), products.sum(), gradients.sum())
            for channel in vectors * 8..<channels {
                let difference = x[channel] - mean
                square += difference * difference
                product += g[channel] * (x[channel] - origin)
                total += g[channel]
            }
            let inverse = 1 / (square * scale + epsilon).squareRoot()
            let curve = inverse * inverse * product * scale
            let shift = subtractsMean ? total * scale : 0
            let (inverses, curves, shifts) = (
                Vector8(repeating: inverse), Vector8(repeating: curve), Vector8(repeating: shift)
            )
            for vector in 0..<vectors {
                let slope = load8(g + vector * 8) - shifts - (load8(x + vector * 8) - means) * curves
                store8(load8(z + vector * 8).addingProduct(inverses, slope), y + vector * 8)
            }
            for channel in vectors * 8..<channels {
                y[channel] = z[channel] + inverse * (g[channel] - shift - (x[channel] - mean) * curve)
            }
            for channel in channels..<stride { y[channel] = 0 }
        }
    }
}
