// The build with 512-bit registers uses this file through a symbolic link.

// Layer normalisation in float32, and its gradient.
extension FloatBuild {
    @inline(never)
    package static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float, output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        PixelNorm(channels: channels, epsilon: epsilon).normalize(count, subtractsMean: subtractsMean) {
            lanes(input + $0 * inputStride + $1 * 16)
        } write: {
            store($0, floats: output + $1 * outputStride + $2 * 16)
        }
    }

    @inline(never)
    package static func normalizeBackward(
        _ input: UnsafePointer<Float>, gradient: UnsafePointer<Float>, addend: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, stride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float
    ) {
        let norm = PixelNorm(channels: channels, epsilon: epsilon)
        let lastPanel = norm.panelCount - 1
        let isBeyond = norm.lastOnes .== .zero
        var rows = PixelGroup.emptyRows
        PixelGroup.forEach(of: count) { first, count in
            let x = input + first * stride
            let g = gradient + first * stride
            let statistics = norm.statistics(count, &rows) { lanes(x + $0 * stride + $1 * 16) }
            let means = PixelValues(statistics.means)
            func slopes(_ pixel: Int, _ panel: Int) -> Lanes {
                let slopes = lanes(g + pixel * stride + panel * 16)
                return panel == lastPanel ? slopes.replacing(with: 0, where: isBeyond) : slopes
            }
            var products = PixelGroup.emptyRows
            var gradients = PixelGroup.emptyRows
            for pixel in 0..<count {
                let origin = subtractsMean ? means[pixel] : .zero
                for panel in 0...lastPanel {
                    products[pixel].addProduct(
                        slopes(pixel, panel), lanes(x + pixel * stride + panel * 16) - origin)
                    gradients[pixel] += slopes(pixel, panel)
                }
            }
            let inverses = statistics.inverses
            let factors = PixelValues(inverses)
            let curves = PixelValues(inverses * inverses * PixelGroup.sums(products, count) * norm.scale)
            let shifts = PixelValues(subtractsMean ? PixelGroup.sums(gradients, count) * norm.scale : .zero)
            for pixel in 0..<count {
                let place = (first + pixel) * stride
                for panel in 0...lastPanel {
                    let deviation = lanes(input + place + panel * 16) - means[pixel]
                    let slope = slopes(pixel, panel) - shifts[pixel] - deviation * curves[pixel]
                    let sum = lanes(addend + place + panel * 16).addingProduct(factors[pixel], slope)
                    store(
                        panel == lastPanel ? sum.replacing(with: 0, where: isBeyond) : sum,
                        floats: output + place + panel * 16)
                }
            }
        }
    }
}
