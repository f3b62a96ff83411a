// The other builds use this file through symbolic links.

internal import CInt8
import Products

/// A pixel's scale and what its values are multiplied by.
struct PixelScale {
    /// The value of one step.
    let scale: Float
    let factor: Lanes

    /// - Parameter largest: for each lane, the largest magnitude of some of the pixel's values.
    @inline(__always)
    init(largest: Lanes) {
        let quantization = Quantization(largest: int8_largest(largest))
        scale = quantization.scale
        factor = Lanes(repeating: quantization.factor)
    }
}

// Pixels made operands of a product in int8.
extension QuantizedBuild {
    /// Words of a panel of a pixel's operands.
    static var panelWords: Int { 16 / Operands.perWord }

    @inline(never)
    package static func quantize(_ operands: QuantizedPixels, source: UnsafePointer<Float>, isNarrow: Bool) {
        if isNarrow {
            pixels(operands, source) { Lanes(narrow: $0 + $1 * 8) }
        } else {
            pixels(operands, source) { lanes($0 + $1 * 16) }
        }
    }

    @inline(__always)
    private static func pixels(
        _ operands: QuantizedPixels, _ source: UnsafePointer<Float>,
        features: (_ pixel: UnsafePointer<Float>, _ panel: Int) -> Lanes
    ) {
        for index in 0..<operands.count {
            let pixel = source + index * operands.sourceStride
            var largest = Lanes.zero
            for panel in 0..<operands.panelCount {
                largest = int8_larger_magnitude(largest, features(pixel, panel))
            }
            let scale = PixelScale(largest: largest)
            operands.scales[index] = scale.scale
            let target = operands.target + index * operands.targetStride
            for panel in 0..<operands.panelCount {
                features(pixel, panel).storeOperands(scale.factor, target + panel * panelWords)
            }
        }
    }

    @inline(never)
    package static func quantizeColumns(
        _ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int,
        columns: UnsafeMutablePointer<Float>
    ) {
        var target = panels
        for panel in 0..<panelCount {
            let source = UnsafePointer(panels) + panel * depth * 16
            var largest = Lanes.zero
            for row in 0..<depth { largest = int8_larger_magnitude(largest, lanes(source + row * 16)) }
            var factor = Lanes.zero
            for lane in 0..<16 { factor[lane] = Quantization(largest: largest[lane]).factor }
            var sums = SIMD16<Int32>.zero
            for first in stride(from: 0, to: depth, by: Operands.perWord) {
                var word = SIMD16<UInt32>.zero
                for place in 0..<Operands.perWord where first + place < depth {
                    let integers = int8_round(lanes(source + (first + place) * 16), factor)
                    let bits = 32 / UInt32(Operands.perWord)
                    word |= (integers & (1 << bits - 1)) &<< (bits * UInt32(place))
                    // The low 16 bits as a signed number.
                    sums &+= SIMD16<Int32>(truncatingIfNeeded: integers &<< 16) &>> 16
                }
                UnsafeMutableRawPointer(target).storeBytes(of: word, as: SIMD16<UInt32>.self)
                target += 16
            }
            let column = columns + panel * ProductScales.panelStride
            store(largest * Quantization.scaleOfLargest, floats: column)
            UnsafeMutableRawPointer(column + 16).storeBytes(
                of: sums &* Int32(Operands.pixelOffset), as: SIMD16<Int32>.self)
        }
    }
}
