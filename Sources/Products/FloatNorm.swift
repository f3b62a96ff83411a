// The build with 512-bit registers uses this file through a symbolic link.

// Layer normalisation in float32, and its gradient.
extension FloatBuild {
    @export(interface)
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

    @export(interface)
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
        var gradients = PixelGroup.emptyRows
        PixelGroup.forEach(of: count) { first, count in
            func place(_ pixel: Int, _ panel: Int) -> Int { (first + pixel) * stride + panel * 16 }
            let statistics = norm.statistics(count, &rows) { lanes(input + place($0, $1)) }
            let means = PixelValues(statistics.means)
            func slopes(_ pixel: Int, _ panel: Int) -> Lanes {
                let slopes = lanes(gradient + place(pixel, panel))
                return panel == lastPanel ? slopes.replacing(with: 0, where: isBeyond) : slopes
            }
            for pixel in 0..<count {
                let origin = subtractsMean ? means[pixel] : .zero
                var products = Lanes.zero
                var sums = Lanes.zero
                for panel in 0...lastPanel {
                    products.addProduct(slopes(pixel, panel), lanes(input + place(pixel, panel)) - origin)
                    sums += slopes(pixel, panel)
                }
                (rows[pixel], gradients[pixel]) = (products, sums)
            }
            let inverses = statistics.inverses
            let factors = PixelValues(inverses)
            let curves = PixelValues(inverses * inverses * PixelGroup.sums(rows, count) * norm.scale)
            let shifts = PixelValues(subtractsMean ? PixelGroup.sums(gradients, count) * norm.scale : .zero)
            for pixel in 0..<count {
                for panel in 0...lastPanel {
                    let place = place(pixel, panel)
                    let deviation = lanes(input + place) - means[pixel]
                    let slope = slopes(pixel, panel) - shifts[pixel] - deviation * curves[pixel]
                    let sum = lanes(addend + place).addingProduct(factors[pixel], slope)
                    store(
                        panel == lastPanel ? sum.replacing(with: 0, where: isBeyond) : sum,
                        floats: output + place)
                }
            }
        }
    }
}
