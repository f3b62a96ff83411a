// The other builds use this file through symbolic links.

internal import CBFloat16
internal import CInt8
import Products

// Panels whose channels become columns or rows of a product in int8.
extension QuantizedBuild {
    @inline(never)
    package static func quantizeColumns(
        _ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int,
        columns: UnsafeMutablePointer<Float>
    ) {
        var target = panels
        for panel in 0..<panelCount {
            let source = UnsafePointer(panels) + panel * depth * 16
            let quantization = Quantization(largest: largest(source, depth))
            var sums = SIMD16<Int32>.zero
            for first in stride(from: 0, to: depth, by: Operands.perWord) {
                let word = word(source, first, depth, quantization.factors)
                Operands.addIntegers(of: word, to: &sums)
                UnsafeMutableRawPointer(target).storeBytes(of: word, as: SIMD16<UInt32>.self)
                target += 16
            }
            let column = columns + panel * ProductScales.panelStride
            store(quantization.scales, floats: column)
            UnsafeMutableRawPointer(column + 16).storeBytes(
                of: sums &* Int32(Operands.pixelOffset), as: SIMD16<Int32>.self)
        }
    }

    @inline(never)
    package static func quantizeRows(
        _ panel: UnsafePointer<Float>, count: Int, wordCount: Int, into rows: UnsafeMutablePointer<Float>,
        scales: UnsafeMutablePointer<Float>
    ) {
        let quantization = Quantization(largest: largest(panel, count))
        store(quantization.scales, floats: scales)
        var words = InlineArray<16, SIMD16<UInt32>>(repeating: .zero)
        for first in stride(from: 0, to: wordCount, by: 16) {
            for place in 0..<16 {
                let pixel = (first + place) * Operands.perWord
                words[place] = word(panel, pixel, count, quantization.factors) ^ Operands.offsetBits
            }
            withUnsafeBytes(of: &words) { bytes in
                guard let words = bytes.assumingMemoryBound(to: Float.self).baseAddress else { return }
                bfloat16_store_columns(words, 16, rows + first, wordCount)
            }
        }
    }

    /// The largest magnitudes of the columns of `depth` rows.
    @inline(__always)
    private static func largest(_ source: UnsafePointer<Float>, _ depth: Int) -> Lanes {
        var (even, odd) = (Lanes.zero, Lanes.zero)
        for row in stride(from: 0, to: depth - 1, by: 2) {
            even = int8_larger_magnitude(even, lanes(source + row * 16))
            odd = int8_larger_magnitude(odd, lanes(source + row * 16 + 16))
        }
        if depth % 2 == 1 { even = int8_larger_magnitude(even, lanes(source + (depth - 1) * 16)) }
        return int8_larger_magnitude(even, odd)
    }

    /// The integers of some rows from `first` on, which share a word of each column; zero from row `depth` on.
    @inline(__always)
    private static func word(
        _ source: UnsafePointer<Float>, _ first: Int, _ depth: Int, _ factors: Lanes
    ) -> SIMD16<UInt32> {
        let bits = 32 / UInt32(Operands.perWord)
        var word = SIMD16<UInt32>.zero
        let isWhole = first + Operands.perWord <= depth
        for place in 0..<Operands.perWord where isWhole || first + place < depth {
            let integers = int8_round(lanes(source + (first + place) * 16), factors)
            word |= (integers & (1 << bits - 1)) &<< (bits * UInt32(place))
        }
        return word
    }
}
