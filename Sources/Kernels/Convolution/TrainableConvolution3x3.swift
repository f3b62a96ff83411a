import Glibc
import Products
import Tensors

/// A dense 3×3 convolution with zero padding for training. Its backward pass with respect to the input is
/// such a convolution, too, with reversed taps and exchanged channels.
package struct TrainableConvolution3x3: Sendable {
    package let inputChannels: Int
    package let outputChannels: Int
    /// (outputChannels, inputChannels, 3, 3)
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
    package var packedCount: Int {
        9 * inputStride * outputStride
            + max(inputStride, outputStride)
    }

    /// Packs the current weights: nine taps of padded input channels, followed by the bias.
    package func pack(into run: FloatRun, isBackward: Bool, team: WorkerTeam) {
        let (inputs, outputs) =
            isBackward ? (outputChannels, inputChannels) : (inputChannels, outputChannels)
        let (depth, width) = (9 * FeatureMap.paddedChannels(inputs), FeatureMap.paddedChannels(outputs))
        let weights = filter.weight.values
        let inputCount = inputChannels
        team.run(count: width / FeatureMap.lane) { panel, _ in
            let target = run.base + panel * depth * FeatureMap.lane
            memset(target, 0, depth * FeatureMap.lane * 4)
            for lane in 0..<min(FeatureMap.lane, outputs - panel * FeatureMap.lane) {
                let output = panel * FeatureMap.lane + lane
                for input in 0..<inputs {
                    let source =
                        isBackward
                        ? (input * inputCount + output) * 9 : (output * inputCount + input) * 9
                    for tap in 0..<9 {
                        target[(tap * FeatureMap.paddedChannels(inputs) + input) * FeatureMap.lane + lane] =
                            weights.base[source + (isBackward ? 8 - tap : tap)]
                    }
                }
            }
            if precision == .mixed { MixedProduct.pair(target, depth: depth) }
        }
        let bias = run.base + depth * width
        memset(bias, 0, width * 4)
        if !isBackward, let values = filter.bias?.values.base {
            for output in 0..<outputs { bias[output] = values[output] }
        }
    }

    /// The number of floats of scratch memory for a picture, in either direction: both features with a
    /// border.
    package func scratchCount(height: Int, width: Int) -> Int {
        (height + 2) * (width + 2) * (inputStride + outputStride)
            + FeatureMap.lane
    }

    /// Computes `output = convolution(input)` for one picture or, with weights packed for the backward pass,
    /// the gradient with respect to the input.
    ///
    /// - Parameters:
    ///   - output: overwritten, or added to if `adds` is true.
    package func run(
        _ weights: FloatRun, input: FeatureMap, output: FeatureMap, adds: Bool = false,
        scratch: TrainingScratch
    ) {
        let padded = scratch.picture
        Self.pad(input, into: padded, in: precision, team: scratch.team)
        let pixelWords = input.stride / precision.valuesPerWord
        let rowWords = (input.width + 2) * pixelWords
        let panelStride = 9 * input.stride * FeatureMap.lane
        let bias = weights.advanced(by: 9 * input.stride * output.stride)
        scratch.team.run(count: output.height) { y, _ in
            let target = output.pixel(y, 0)
            let operands = ProductOperands(
                rows: output.width, depth: 3 * pixelWords, segmentCount: 3, segmentStride: rowWords,
                panelCount: output.stride / FeatureMap.lane,
                a: UnsafePointer(padded.base) + y * rowWords, rowStride: pixelWords,
                weights: UnsafePointer(weights.base), weightPanelStride: panelStride,
                out: target, outStride: output.stride, outPanelStride: FeatureMap.lane,
                addend: adds ? UnsafePointer(target) : UnsafePointer(bias.base),
                addendStride: adds ? output.stride : 0, addendPanelStride: FeatureMap.lane)
            switch precision {
            case .float32: Product.multiply(operands)
            case .mixed: MixedProduct.multiplyRounded(operands)
            }
        }
    }

    /// Copies a map into the target, in the type that products of this precision take, and surrounds it with zeros.
    private static func pad(
        _ map: FeatureMap, into target: FloatRun, in precision: TrainingPrecision, team: WorkerTeam
    ) {
        let pixelWords = map.stride / precision.valuesPerWord
        let rowWords = (map.width + 2) * pixelWords
        team.run(count: map.height + 2) { row, _ in
            let start = target.base + row * rowWords
            guard row > 0 && row <= map.height else {
                memset(start, 0, rowWords * 4)
                return
            }
            memset(start, 0, pixelWords * 4)
            let (source, count) = (map.pixel(row - 1, 0), map.width * map.stride)
            switch precision {
            case .float32: memcpy(start + pixelWords, source, count * 4)
            case .mixed:
                RoundedFeatures.store(FloatRun(source), count: count, into: FloatRun(start + pixelWords))
            }
            memset(start + rowWords - pixelWords, 0, pixelWords * 4)
        }
    }

    /// The number of floats in the gradient sums of one group of pictures: (tap, input channel, padded output
    /// channels), and the bias.
    package var sumCount: Int {
        9 * inputStride * outputStride + outputStride
    }

    /// Adds one picture's gradients of the weights.
    ///
    /// Both features get a border, so that a tap is a shift in memory, and one product sums over all pixels.
    package func addGradients(
        input: FeatureMap, gradient: FeatureMap, sums: FloatRun, scratch: TrainingScratch
    ) {
        let inputs = scratch.picture
        let (height, width) = (input.height, input.width)
        let gradients = inputs.advanced(by: (height + 2) * (width + 2) * input.stride)
        Self.pad(input, into: inputs, in: .float32, team: scratch.team)
        Self.pad(gradient, into: gradients, in: .float32, team: scratch.team)
        let first = width + 3
        let count = (height - 1) * (width + 2) + width
        // The three taps of a row are contiguous runs of input channels, because neighbouring pixels are
        // contiguous.
        // In mixed precision, the input is rounded for each task.
        let panelCount = gradient.stride / FeatureMap.lane
        let step = precision == .mixed ? 4 : 1
        scratch.team.run(count: 3 * ((panelCount + step - 1) / step)) { task, _ in
            let (tapRow, panel) = (task % 3, task / 3 * step)
            let rows = 3 * input.stride
            let out = sums.base + (tapRow * rows) * gradient.stride + panel * FeatureMap.lane
            PixelChunks.forEach(count) { chunk in
                let pixel = first + chunk.lowerBound
                Product.multiply(
                    ProductOperands(
                        rows: rows, depth: chunk.count, panelCount: min(step, panelCount - panel),
                        a: UnsafePointer(inputs.base)
                            + (pixel - 1 + (tapRow - 1) * (width + 2)) * input.stride,
                        rowStride: 1, stepStride: input.stride,
                        weights: UnsafePointer(gradients.base) + pixel * gradient.stride + panel
                            * FeatureMap.lane,
                        weightPanelStride: FeatureMap.lane, weightStepStride: gradient.stride,
                        out: out, outStride: gradient.stride, outPanelStride: FeatureMap.lane,
                        addend: UnsafePointer(out), addendStride: gradient.stride,
                        addendPanelStride: FeatureMap.lane),
                    in: precision)
            }
        }
        if filter.bias != nil {
            Pixels.addSums(
                gradient, to: sums.advanced(by: 9 * input.stride * gradient.stride))
        }
    }

    /// Adds the sums of all groups of pictures, in their order, to the tensors' gradients.
    package func reduce(_ groups: FloatRun, groupCount: Int, team: WorkerTeam) {
        let (inputs, outputs) = (inputStride, outputStride)
        let filter = filter
        let (inputChannels, sumCount) = (inputChannels, sumCount)
        team.run(count: outputs / FeatureMap.lane) { panel, _ in
            let first = panel * FeatureMap.lane
            let count = min(FeatureMap.lane, outputChannels - first)
            for group in 0..<groupCount {
                let sums = groups.base + group * sumCount + first
                let rows = filter.weight.gradients.base + first * inputChannels * 9
                for input in 0..<inputChannels {
                    for tap in 0..<9 {
                        let source = sums + (tap * inputs + input) * outputs
                        let target = rows + input * 9 + tap
                        for lane in 0..<count { target[lane * inputChannels * 9] += source[lane] }
                    }
                }
                if let bias = filter.bias?.gradients.base {
                    for lane in 0..<count { bias[first + lane] += sums[9 * inputs * outputs + lane] }
                }
            }
        }
    }
}
