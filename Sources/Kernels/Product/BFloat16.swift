import BFloat16Kernels
import EmulatedBFloat16Kernels
import Products

/// The kernels of `Precision.bfloat16` for the current processor. Whoever calls them has seen that
/// `Processor.missingFeatures(for:)` is empty.
enum BFloat16 {
    private static let isEmulated = Processor.emulatesBFloat16 || !Processor.hasBFloat16

    /// A value as the bits of a bfloat16, rounded to nearest, ties to even. Subnormal numbers become zero, and NaN
    /// stays one, as the instructions have it.
    static func bits(_ value: Float) -> UInt32 {
        let bits = value.bitPattern
        if value.isNaN { return bits >> 16 | 0x40 }
        if value.magnitude < .leastNormalMagnitude { return bits >> 16 & 0x8000 }
        return (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16
    }

    /// Two neighbours along a product's depth in one word.
    static func word(_ first: Float, _ second: Float) -> Float {
        Float(bitPattern: bits(first) | bits(second) << 16)
    }

    @inline(__always)
    static func multiply(_ operands: ProductOperands) {
        if isEmulated {
            EmulatedBFloat16Kernels.PanelProduct.multiply(operands)
        } else {
            BFloat16Kernels.PanelProduct.multiply(operands)
        }
    }

    static func spin(stepCount: Int) -> Int {
        isEmulated
            ? EmulatedBFloat16Kernels.RegisterSpin.run(stepCount: stepCount)
            : BFloat16Kernels.RegisterSpin.run(stepCount: stepCount)
    }

    /// See `RoundedRows.round`.
    static func round(
        _ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedRows.round(source, count: count, into: target)
        } else {
            BFloat16Kernels.RoundedRows.round(source, count: count, into: target)
        }
    }

    /// See `RoundedRows.widen`.
    static func widen(
        _ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedRows.widen(source, count: count, into: target)
        } else {
            BFloat16Kernels.RoundedRows.widen(source, count: count, into: target)
        }
    }

    /// See `RoundedRows.add`.
    static func add(
        _ row: UnsafePointer<Float>, panelCount: Int, to pixels: UnsafeMutablePointer<Float>, count: Int,
        stride: Int
    ) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedRows.add(
                row, panelCount: panelCount, to: pixels, count: count, stride: stride)
        } else {
            BFloat16Kernels.RoundedRows.add(
                row, panelCount: panelCount, to: pixels, count: count, stride: stride)
        }
    }

    /// See `RoundedRows.sums`.
    static func sums(
        _ pixels: UnsafePointer<Float>, panelCount: Int, count: Int, stride: Int,
        into sums: UnsafeMutablePointer<Float>
    ) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedRows.sums(
                pixels, panelCount: panelCount, count: count, stride: stride, into: sums)
        } else {
            BFloat16Kernels.RoundedRows.sums(
                pixels, panelCount: panelCount, count: count, stride: stride, into: sums)
        }
    }

    /// See `RoundedRows.pairRows`.
    static func pairRows(_ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedRows.pairRows(panels, depth: depth, panelCount: panelCount)
        } else {
            BFloat16Kernels.RoundedRows.pairRows(panels, depth: depth, panelCount: panelCount)
        }
    }

    /// See `RoundedRows.addSquares`.
    static func addSquares(
        _ words: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>
    ) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedRows.addSquares(words, count: count, to: sums)
        } else {
            BFloat16Kernels.RoundedRows.addSquares(words, count: count, to: sums)
        }
    }

    /// See `RoundedNorm.normalize`.
    static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedNorm.normalize(
                input, inputStride: inputStride, channels: channels, count: count,
                subtractsMean: subtractsMean, epsilon: LayerNorm.epsilon, output: output,
                outputStride: outputStride)
        } else {
            BFloat16Kernels.RoundedNorm.normalize(
                input, inputStride: inputStride, channels: channels, count: count,
                subtractsMean: subtractsMean, epsilon: LayerNorm.epsilon, output: output,
                outputStride: outputStride)
        }
    }

    /// See `RoundedDepthwise.run`.
    static func depthwise(_ operands: DepthwiseOperands, form: DepthwiseForm) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedDepthwise.run(operands, form: form)
        } else {
            BFloat16Kernels.RoundedDepthwise.run(operands, form: form)
        }
    }

    /// See `RoundedGate.multiply`.
    static func gate(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        if isEmulated {
            EmulatedBFloat16Kernels.RoundedGate.multiply(
                a, b, count: count, output: output, outputStride: outputStride)
        } else {
            BFloat16Kernels.RoundedGate.multiply(
                a, b, count: count, output: output, outputStride: outputStride)
        }
    }
}
