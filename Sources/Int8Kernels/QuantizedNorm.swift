// The other builds use this file through symbolic links.

internal import CInt8
import Products

extension QuantizedBuild {
    @inline(never)
    package static func normalize(
        _ operands: QuantizedPixels, source: UnsafePointer<Float>, channels: Int, subtractsMean: Bool,
        epsilon: Float
    ) {
        let last = operands.panelCount - 1
        let norm = PixelNorm(channels: channels, epsilon: epsilon)
        var rows = PixelGroup.emptyRows
        PixelGroup.forEach(of: operands.count) { first, count in
            func features(_ pixel: Int, _ panel: Int) -> Lanes {
                Lanes(narrow: source + (first + pixel) * operands.sourceStride + panel * 8)
            }
            var largest = PixelGroup.emptyRows
            let statistics = norm.statistics(count, &rows, features) { pixel, differences in
                largest[pixel] = int8_larger_magnitude(largest[pixel], differences)
            }
            let shifts = PixelValues(subtractsMean ? statistics.means : .zero)
            if !subtractsMean {
                findLargest(&largest, count, panelCount: operands.panelCount, values: features)
            }
            quantize(operands, first, count, largest: largest, factors: statistics.inverses) { pixel, panel in
                let value = features(pixel, panel) - shifts[pixel]
                // Beyond the channels is no feature but the negative mean, which must not count.
                return panel == last ? value * norm.lastOnes : value
            }
        }
    }
}
