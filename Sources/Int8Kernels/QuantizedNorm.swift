// The other builds use this file through symbolic links.

internal import CInt8
import Products

extension QuantizedBuild {
    @inline(never)
    package static func normalize(
        _ operands: QuantizedPixels, source: UnsafePointer<Float>, channels: Int, subtractsMean: Bool,
        epsilon: Float
    ) {
        let panelCount = operands.panelCount
        let norm = PixelNorm(channels: channels, epsilon: epsilon)
        for index in 0..<operands.count {
            let pixel = source + index * operands.sourceStride
            let (mean, inverse) = norm.statistics { Lanes(narrow: pixel + $0 * 8) }
            let shift = subtractsMean ? Lanes(repeating: mean) : .zero
            var largest = Lanes.zero
            for panel in 0..<panelCount - 1 {
                largest = int8_larger_magnitude(largest, Lanes(narrow: pixel + panel * 8) - shift)
            }
            // Beyond the channels is no feature but the negative mean, which must not count.
            let last = (Lanes(narrow: pixel + (panelCount - 1) * 8) - shift) * norm.lastOnes
            let scale = PixelScale(largest: int8_larger_magnitude(largest, last))
            operands.scales[index] = scale.scale * inverse
            let target = operands.target + index * operands.targetStride
            for panel in 0..<panelCount - 1 {
                (Lanes(narrow: pixel + panel * 8) - shift).storeOperands(
                    scale.factor, target + panel * panelWords)
            }
            last.storeOperands(scale.factor, target + (panelCount - 1) * panelWords)
        }
    }
}
