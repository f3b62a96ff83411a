import Glibc
import Products
import Tensors

/// A 1×1 convolution for training.
package struct TrainablePointwiseConvolution: Sendable {
    package let inputChannels: Int
    package let outputChannels: Int
    /// (outputChannels, inputChannels)
    let filter: TrainableFilter
    let precision: TrainingPrecision

    package init(
        inputChannels: Int, outputChannels: Int, filter: TrainableFilter,
        precision: TrainingPrecision = .float32
    ) {
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        self.filter = filter
        self.precision = precision
    }

    private var inputStride: Int { FeatureMap.paddedChannels(inputChannels) }
    private var outputStride: Int { FeatureMap.paddedChannels(outputChannels) }

    /// The number of floats in the packed weights, for either direction.
    package var packedCount: Int { (inputStride + 1) * (outputStride + 1) }

    /// Packs the current weights, followed by the bias.
    package func pack(into run: FloatRun, isBackward: Bool, team: WorkerTeam) {
        let (depth, width) =
            isBackward ? (outputChannels, inputChannels) : (inputChannels, outputChannels)
        let padded = FeatureMap.paddedChannels(width)
        let (weights, inputs) = (filter.weight.values, inputChannels)
        team.run(count: padded / FeatureMap.lane) { panel, _ in
            for lane in 0..<FeatureMap.lane {
                let column = panel * FeatureMap.lane + lane
                let target = run.base + panel * depth * FeatureMap.lane + lane
                for row in 0..<depth {
                    target[row * FeatureMap.lane] =
                        column >= width
                        ? 0 : weights.base[isBackward ? row * inputs + column : column * inputs + row]
                }
            }
            if precision == .mixed {
                MixedProduct.pair(run.base + panel * depth * FeatureMap.lane, depth: depth)
            }
        }
        let bias = run.base + depth * padded
        memset(bias, 0, padded * 4)
        if !isBackward, let values = filter.bias?.values.base {
            for output in 0..<outputChannels { bias[output] = values[output] }
        }
    }

    /// Computes `output = convolution(input)` for one picture or, with weights packed for the backward pass,
    /// the gradient with respect to the input.
    package func run(_ weights: FloatRun, input: FeatureMap, output: FeatureMap, team: WorkerTeam) {
        let depth = input.channels
        PixelChunks.parallel(input.pixelCount, team: team) { chunk in
            Product.multiply(
                ProductOperands(
                    rows: chunk.count, depth: depth, panelCount: output.stride / FeatureMap.lane,
                    a: UnsafePointer(input.base) + chunk.lowerBound * input.stride, rowStride: input.stride,
                    weights: UnsafePointer(weights.base), weightPanelStride: depth * FeatureMap.lane,
                    out: output.base + chunk.lowerBound * output.stride, outStride: output.stride,
                    outPanelStride: FeatureMap.lane,
                    addend: UnsafePointer(weights.base) + depth * output.stride,
                    addendStride: 0, addendPanelStride: FeatureMap.lane),
                in: precision, arePaired: true)
        }
    }

    /// The number of floats in the gradient sums of one group of pictures: (input channels, padded output
    /// channels), and the bias.
    package var sumCount: Int { (inputChannels + 1) * outputStride }

    /// Adds one picture's gradients of the weights.
    package func addGradients(
        input: FeatureMap, gradient: FeatureMap, sums: FloatRun, team: WorkerTeam
    ) {
        let inputs = inputChannels
        // In mixed precision, the input is rounded for each task.
        let panelCount = gradient.stride / FeatureMap.lane
        let step = precision == .mixed ? 4 : 1
        team.run(count: (panelCount + step - 1) / step) { task, _ in
            let panel = task * step
            let out = sums.base + panel * FeatureMap.lane
            PixelChunks.forEach(input.pixelCount) { chunk in
                Product.multiply(
                    ProductOperands(
                        rows: inputs, depth: chunk.count, panelCount: min(step, panelCount - panel),
                        a: UnsafePointer(input.base) + chunk.lowerBound * input.stride, rowStride: 1,
                        stepStride: input.stride,
                        weights: UnsafePointer(gradient.base) + chunk.lowerBound * gradient.stride + panel
                            * FeatureMap.lane,
                        weightPanelStride: FeatureMap.lane, weightStepStride: gradient.stride,
                        out: out, outStride: gradient.stride, outPanelStride: FeatureMap.lane,
                        addend: UnsafePointer(out), addendStride: gradient.stride,
                        addendPanelStride: FeatureMap.lane),
                    in: precision)
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
