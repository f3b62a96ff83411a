import BFloat16Kernels
import EmulatedBFloat16Kernels
import Glibc
import Kernels
import Products
import Testing

/// The two builds of the kernels for bfloat16, of which every processor can run the emulated one.
enum BFloat16Build: String, CaseIterable {
    case emulated, native

    static var runnable: [BFloat16Build] {
        allCases.filter { $0 == .emulated || Processor.hasBFloat16 }
    }

    func multiply(_ operands: ProductOperands) {
        switch self {
        case .emulated: EmulatedBFloat16Kernels.PanelProduct.multiply(operands)
        case .native: BFloat16Kernels.PanelProduct.multiply(operands)
        }
    }

    func round(_ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Float>) {
        switch self {
        case .emulated: EmulatedBFloat16Kernels.RoundedRows.round(source, count: count, into: target)
        case .native: BFloat16Kernels.RoundedRows.round(source, count: count, into: target)
        }
    }

    func widen(_ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Float>) {
        switch self {
        case .emulated: EmulatedBFloat16Kernels.RoundedRows.widen(source, count: count, into: target)
        case .native: BFloat16Kernels.RoundedRows.widen(source, count: count, into: target)
        }
    }

    func add(
        _ row: UnsafePointer<Float>, panelCount: Int, to pixels: UnsafeMutablePointer<Float>, count: Int,
        stride: Int
    ) {
        switch self {
        case .emulated:
            EmulatedBFloat16Kernels.RoundedRows.add(
                row, panelCount: panelCount, to: pixels, count: count, stride: stride)
        case .native:
            BFloat16Kernels.RoundedRows.add(
                row, panelCount: panelCount, to: pixels, count: count, stride: stride)
        }
    }

    func sums(
        _ pixels: UnsafePointer<Float>, panelCount: Int, count: Int, stride: Int,
        into sums: UnsafeMutablePointer<Float>
    ) {
        switch self {
        case .emulated:
            EmulatedBFloat16Kernels.RoundedRows.sums(
                pixels, panelCount: panelCount, count: count, stride: stride, into: sums)
        case .native:
            BFloat16Kernels.RoundedRows.sums(
                pixels, panelCount: panelCount, count: count, stride: stride, into: sums)
        }
    }

    func pairRows(_ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int) {
        switch self {
        case .emulated:
            EmulatedBFloat16Kernels.RoundedRows.pairRows(panels, depth: depth, panelCount: panelCount)
        case .native: BFloat16Kernels.RoundedRows.pairRows(panels, depth: depth, panelCount: panelCount)
        }
    }

    func addSquares(_ words: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>) {
        switch self {
        case .emulated: EmulatedBFloat16Kernels.RoundedRows.addSquares(words, count: count, to: sums)
        case .native: BFloat16Kernels.RoundedRows.addSquares(words, count: count, to: sums)
        }
    }

    func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        switch self {
        case .emulated:
            EmulatedBFloat16Kernels.RoundedNorm.normalize(
                input, inputStride: inputStride, channels: channels, count: count,
                subtractsMean: subtractsMean, epsilon: 1e-5, output: output, outputStride: outputStride)
        case .native:
            BFloat16Kernels.RoundedNorm.normalize(
                input, inputStride: inputStride, channels: channels, count: count,
                subtractsMean: subtractsMean, epsilon: 1e-5, output: output, outputStride: outputStride)
        }
    }

    func depthwise(_ operands: DepthwiseOperands, form: DepthwiseForm) {
        switch self {
        case .emulated: EmulatedBFloat16Kernels.RoundedDepthwise.run(operands, form: form)
        case .native: BFloat16Kernels.RoundedDepthwise.run(operands, form: form)
        }
    }

    func gate(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        switch self {
        case .emulated:
            EmulatedBFloat16Kernels.RoundedGate.multiply(
                a, b, count: count, output: output, outputStride: outputStride)
        case .native:
            BFloat16Kernels.RoundedGate.multiply(
                a, b, count: count, output: output, outputStride: outputStride)
        }
    }
}
