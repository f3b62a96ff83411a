// The build with 512-bit registers uses this file through a symbolic link.

/// Layer normalisation in float32, and its gradient. Every build computes the same bits.
package enum FloatNorm {
    /// See `LayerNorm.normalize`.
    @inline(never)
    package static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float, output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        let norm = PixelNorm(channels: channels, epsilon: epsilon)
        for index in 0..<count {
            let pixel = input + index * inputStride
            let (mean, inverse) = norm.statistics { lanes(pixel + $0 * 16) }
            let shift = subtractsMean ? Lanes(repeating: mean) : .zero
            let factor = Lanes(repeating: inverse)
            let target = output + index * outputStride
            for panel in 0..<norm.panelCount {
                store((lanes(pixel + panel * 16) - shift) * factor, floats: target + panel * 16)
            }
        }
    }

    /// See `LayerNorm.backward`.
    @inline(never)
    package static func backward(
        _ input: UnsafePointer<Float>, gradient: UnsafePointer<Float>, addend: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, stride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float
    ) {
        let norm = PixelNorm(channels: channels, epsilon: epsilon)
        let scale = 1 / Float(channels)
        let lastPanel = norm.panelCount - 1
        let isBeyond = norm.lastOnes .== .zero
        for index in 0..<count {
            let x = input + index * stride
            let g = gradient + index * stride
            let (mean, inverse) = norm.statistics { lanes(x + $0 * 16) }
            let means = Lanes(repeating: mean)
            let origins = subtractsMean ? means : .zero
            func slopes(_ panel: Int) -> Lanes {
                let slopes = lanes(g + panel * 16)
                return panel == lastPanel ? slopes.replacing(with: 0, where: isBeyond) : slopes
            }
            var products = Lanes.zero
            var gradients = Lanes.zero
            for panel in 0...lastPanel {
                products.addProduct(slopes(panel), lanes(x + panel * 16) - origins)
                gradients += slopes(panel)
            }
            let curves = Lanes(repeating: inverse * inverse * products.treeSum * scale)
            let shifts = Lanes(repeating: subtractsMean ? gradients.treeSum * scale : 0)
            let factor = Lanes(repeating: inverse)
            let (y, z) = (output + index * stride, addend + index * stride)
            for panel in 0...lastPanel {
                let slope = slopes(panel) - shifts - (lanes(x + panel * 16) - means) * curves
                let sum = lanes(z + panel * 16).addingProduct(factor, slope)
                store(
                    panel == lastPanel ? sum.replacing(with: 0, where: isBeyond) : sum,
                    floats: y + panel * 16)
            }
        }
    }
}
