import Glibc
import Products
import Tensors

/// A 1×1 convolution for training.
package struct TrainedPointwiseConvolution: Sendable {
    package let inputChannels: Int
    package let outputChannels: Int
    /// (outputChannels, inputChannels)
    let filter: TrainedFilter

    package init(inputChannels: Int, outputChannels: Int, filter: TrainedFilter) {
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.filter = filter
    }

    private var inputStride: Int { FeatureMap.paddedChannels(inputChannels) }
    private var outputStride: Int { FeatureMap.paddedChannels(outputChannels) }

    /// Floats of the packed weights, for either way.
    package var packedCount: Int { (inputStride + 1) * (outputStride + 1) }

    /// Packs the weights as they are now, and the bias behind them.
    package func pack(into run: FloatRun, isBackward: Bool, team: WorkerTeam) {
        let (depth, width) =
            isBackward ? (outputChannels, inputChannels) : (inputChannels, outputChannels)
        let padded = FeatureMap.paddedChannels(width)
        let (weights, inputs) = (filter.weight.values, inputChannels)
        team.run(count: padded / 16) { panel, _ in
            for lane in 0..<16 {
                let column = panel * 16 + lane
                let target = run.base + panel * depth * 16 + lane
                for row in 0..<depth {
                    target[row * 16] =
                        column >= width
                        ? 0 : weights.base[isBackward ? row * inputs + column : column * inputs + row]
                }
            }
        }
        let bias = run.base + depth * padded
        memset(bias, 0, padded * 4)
        if !isBackward, let values = filter.bias?.values.base {
            for output in 0..<outputChannels { bias[output] = values[output] }
        }
    }

    /// `output = convolution(input)` for one picture, or, with weights packed for the way back, the gradient.
    package func run(_ weights: FloatRun, input: FeatureMap, output: FeatureMap, team: WorkerTeam) {
        let depth = input.channels
        PixelChunks.parallel(input.pixelCount, team: team) { chunk in
            Product.multiply(
                ProductOperands(
                    rows: chunk.count, depth: depth, panelCount: output.stride / 16,
                    a: UnsafePointer(input.base) + chunk.lowerBound * input.stride, rowStride: input.stride,
                    weights: UnsafePointer(weights.base), weightPanelStride: depth * 16,
                    out: output.base + chunk.lowerBound * output.stride, outStride: output.stride,
                    outPanelStride: 16, addend: UnsafePointer(weights.base) + depth * output.stride,
                    addendStride: 0, addendPanelStride: 16))
        }
    }

    /// Floats of a group of pictures' sums of gradients: (input channels, padded output channels), and the bias.
    package var sumCount: Int { (inputChannels + 1) * outputStride }

    /// Adds one picture's gradients of the weights.
    package func addGradients(
        input: FeatureMap, gradient: FeatureMap, sums: FloatRun, team: WorkerTeam
    ) {
        let inputs = inputChannels
        team.run(count: gradient.stride / 16) { panel, _ in
            let out = sums.base + panel * 16
            PixelChunks.forEach(input.pixelCount) { chunk in
                Product.multiply(
                    ProductOperands(
                        rows: inputs, depth: chunk.count, panelCount: 1,
                        a: UnsafePointer(input.base) + chunk.lowerBound * input.stride, rowStride: 1,
                        stepStride: input.stride,
                        weights: UnsafePointer(gradient.base) + chunk.lowerBound * gradient.stride + panel
                            * 16,
                        weightPanelStride: 16, weightStepStride: gradient.stride,
                        out: out, outStride: gradient.stride, outPanelStride: 16,
                        addend: UnsafePointer(out), addendStride: gradient.stride, addendPanelStride: 16))
            }
        }
        if filter.bias != nil {
            Pixels.addSums(gradient, to: sums.advanced(by: inputChannels * gradient.stride))
        }
    }

    /// Adds the sums of all groups of pictures, in their order, to the tensors' gradients.
    package func reduce(_ groups: FloatRun, groupCount: Int, team: WorkerTeam) {
        let (inputs, stride, sumCount, filter) = (inputChannels, outputStride, sumCount, filter)
        team.run(count: outputChannels) { output, _ in
            for group in 0..<groupCount {
                let sums = groups.base + group * sumCount + output
                let row = filter.weight.gradients.base + output * inputs
                for input in 0..<inputs { row[input] += sums[input * stride] }
                filter.bias?.gradients.base[output] += sums[inputs * stride]
            }
        }
    }
}
