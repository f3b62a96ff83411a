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
    ///   - output: must not overlap `input`.
    ///   - weights: nine rows of 16 floats.
    ///   - bias: 16 floats.
    static func run(
        _ input: BorderedPanels, panel: Int, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        output: Target, outputPanel: Int
    ) {
        var window = input.window(panel)
        let (height, width) = (input.height, input.width)
        for y in stride(from: 0, to: height, by: 2) {
            let rows = window.rows(from: y - 1)
            @inline(__always)
            func operands(
                _ output: UnsafeMutablePointer<Float>, stride: Int, rowStride: Int
            ) -> DepthwiseOperands {
                DepthwiseOperands(
                    rows.row0, rows.row1, rows.row2, y + 1 < height ? rows.row3 : nil, count: width,
                    weights: weights, bias: bias, output: output, outputStride: stride,
                    outputRowStride: rowStride)
            }
            @inline(__always)
            func operands(_ output: ChannelPairPanels) -> DepthwiseOperands {
                let stride = output.pixelStride
                return operands(
                    output.pixel(outputPanel, y * width), stride: stride, rowStride: width * stride)
            }
            switch output {
            case .floats(let output):
                Self.rows(operands(output.row(outputPanel, y), stride: 16, rowStride: output.rowStride))
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
