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

    /// Pixels that are rounded at a time: few enough to stay in the cache, many enough to stream the weights for.
    private static let pixelsPerPart = 96

    /// Floats of scratch that a task needs.
    package func scratchCount(inputStride: Int) -> Int {
        switch matrix.precision {
        case .float32: 0
        case .bfloat16: Self.pixelsPerPart * matrix.precision.wordCount(inputStride)
        }
    }

    /// Computes the pixels in `range` of `output`. The maps must not overlap.
    package func run(_ input: FeatureMap, output: FeatureMap, pixels range: Range<Int>, scratch: FloatRun) {
        switch matrix.precision {
        case .float32:
            multiply(
                input.base + range.lowerBound * input.stride, stride: input.stride, output: output,
                pixels: range)
        case .bfloat16:
            var start = range.lowerBound
            while start < range.upperBound {
                let part = start..<min(start + Self.pixelsPerPart, range.upperBound)
                BFloat16.round(
                    input.base + start * input.stride, count: part.count * input.stride, into: scratch.base)
                multiply(
                    scratch.base, stride: matrix.precision.wordCount(input.stride), output: output,
                    pixels: part)
                start = part.upperBound
            }
        }
    }

    private func multiply(
        _ pixels: UnsafePointer<Float>, stride: Int, output: FeatureMap, pixels range: Range<Int>
    ) {
        Product.multiply(
            ProductOperands(
                rows: range.count, depth: matrix.depth, panelCount: matrix.panelCount,
                a: pixels, rowStride: stride,
                weights: matrix.base, weightPanelStride: matrix.panelStride,
                out: output.base + range.lowerBound * output.stride, outStride: output.stride,
                outPanelStride: FeatureMap.lane,
                addend: bias.base, addendStride: 0, addendPanelStride: FeatureMap.lane),
            in: matrix.precision)
    }
}
