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

    /// Computes the pixels in `range` of `output`. The maps have the weights' precision and must not overlap.
    package func run(_ input: FeatureMap, output: FeatureMap, pixels range: Range<Int>) {
        Product.multiply(
            ProductOperands(
                rows: range.count, depth: matrix.depth, panelCount: matrix.panelCount,
                a: input.base + range.lowerBound * input.stride, rowStride: input.stride,
                weights: matrix.base, weightPanelStride: matrix.panelStride,
                out: output.base + range.lowerBound * output.stride, outStride: output.stride,
                outPanelStride: output.panelStride,
                addend: bias.base, addendStride: 0, addendPanelStride: FeatureMap.lane,
                targetForm: output.targetForm),
            in: matrix.precision)
    }
}
