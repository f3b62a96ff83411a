import Products
import Tensors

extension Depthwise3x3 {
    /// Where the convolution of a whole panel is stored, and as what.
    enum Target: Sendable {
        /// May have a border, which is not changed.
        case floats(PixelPanels)
        case channelPairs(ChannelPairPanels)
        case rowPairs(RowPairPanels)
        case bothPairs(ChannelPairPanels, RowPairPanels)
    }

    /// Computes the convolution of a whole panel.
    ///
    /// - Parameters:
    ///   - input: has a zero border.
    ///   - output: must not overlap `input`.
    ///   - weights: nine rows of 16 floats.
    ///   - bias: 16 floats.
    static func run(
        _ input: PixelPanels, panel: Int, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        output: Target, outputPanel: Int
    ) {
        for y in stride(from: 0, to: input.height, by: 2) {
            @inline(__always)
            func operands(
                _ output: UnsafeMutablePointer<Float>, stride: Int, rowStride: Int
            ) -> DepthwiseOperands {
                DepthwiseOperands(
                    input.borderedRow(panel, y - 1), input.borderedRow(panel, y),
                    input.borderedRow(panel, y + 1),
                    y + 1 < input.height ? UnsafePointer(input.borderedRow(panel, y + 2)) : nil,
                    count: input.width, weights: weights, bias: bias, output: output,
                    outputStride: stride, outputRowStride: rowStride)
            }
            @inline(__always)
            func operands(_ output: ChannelPairPanels) -> DepthwiseOperands {
                let stride = ChannelPairPanels.pixelStride
                return operands(
                    output.pixel(outputPanel, y * input.width), stride: stride,
                    rowStride: input.width * stride)
            }
            switch output {
            case .floats(let output):
                rows(operands(output.row(outputPanel, y), stride: 16, rowStride: output.rowStride))
            case .channelPairs(let output):
                BFloat16.build.depthwise(operands(output), form: .channelPairs)
            case .rowPairs(let output):
                BFloat16.build.depthwise(
                    operands(output.row(outputPanel, y / 2), stride: 16, rowStride: 0), form: .rowPairs)
            case .bothPairs(let output, let pairs):
                BFloat16.build.depthwise(
                    operands(output), form: .bothPairs(rowPairs: pairs.row(outputPanel, y / 2)))
            }
        }
    }
}
