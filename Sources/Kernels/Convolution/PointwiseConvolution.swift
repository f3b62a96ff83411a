import Products
import Tensors

/// A 1×1 convolution (PyTorch `Conv2d(kernel_size: 1)`).
package struct PointwiseConvolution: Sendable {
    let matrix: PackedMatrix
    let bias: PaddedRow

    /// - Parameter weights: (outputChannels, inputChannels), row-major.
    package init(
        inputChannels: Int, outputChannels: Int, weights: [Float], bias: [Float]?,
        precision: Precision = .float32
    ) throws(OutOfMemory) {
        let columns = Array(0..<outputChannels)
        matrix = try PackedMatrix(depth: inputChannels, columns: columns, precision: precision) {
            weights[$0 * inputChannels + $1]
        }
        self.bias = try PaddedRow(columns: columns) { bias?[$0] ?? 0 }
    }

    /// The number of floats of scratch memory that a task needs.
    package func scratchCount(_ channels: Int) -> Int {
        matrix.precision == .int8 ? QuantizedRun.scratchCount(channels: channels) : 0
    }

    /// Computes the pixels in `range` of `output`. The maps have the weights' precision and must not overlap.
    package func run(_ input: FeatureMap, output: FeatureMap, pixels range: Range<Int>, scratch: FloatRun) {
        guard matrix.precision == .int8 else {
            return multiply(
                input.base + range.lowerBound * input.stride, stride: input.stride, output: output,
                pixels: range)
        }
        let run = QuantizedRun(scratch.base)
        let stride = matrix.precision.operandStride(input.channels)
        run.forEach(input, range) { part in
            multiply(run.words, stride: stride, output: output, pixels: part, scales: run.scales)
        }
    }

    /// - Parameters:
    ///   - input: the first pixel of the range.
    ///   - scales: of the pixels, in int8.
    private func multiply(
        _ input: UnsafePointer<Float>, stride: Int, output: FeatureMap, pixels range: Range<Int>,
        scales: UnsafePointer<Float>? = nil
    ) {
        Product.multiply(
            ProductOperands(
                rows: range.count, depth: matrix.depth, panelCount: matrix.panelCount,
                a: input, rowStride: stride,
                weights: matrix.base, weightPanelStride: matrix.panelStride,
                out: output.base + range.lowerBound * output.stride, outStride: output.stride,
                outPanelStride: output.panelStride,
                addend: bias.base, addendStride: 0, addendPanelStride: FeatureMap.lane,
                targetForm: output.targetForm, scales: scales.flatMap { matrix.scales(rows: $0) }),
            in: matrix.precision)
    }
}
