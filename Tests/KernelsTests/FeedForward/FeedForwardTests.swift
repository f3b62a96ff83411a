import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite(.figures) struct FeedForwardTests {
    static let widths = [(1, 1), (8, 15), (16, 42), (15, 16), (17, 17), (32, 85), (48, 127), (33, 1)]

    @Test(
        arguments: widths,
        [MapSize(height: 1, width: 1), MapSize(height: 3, width: 5), MapSize(height: 9, width: 20)])
    func agreesWithItsTwin(widths: (Int, Int), size: MapSize) throws {
        for precision in Precision.runnable {
            try compare(channels: widths.0, hidden: widths.1, size: size, precision)
            try compare(
                channels: widths.0, hidden: widths.1, size: size, precision, hasNormBias: false,
                hasBiases: true)
        }
    }

    @Test(arguments: AwkwardSizes.maps) func overManyStrips(size: MapSize) throws {
        for precision in Precision.runnable {
            try compare(channels: 12, hidden: 31, size: size, precision, hasBiases: true)
        }
    }

    private func compare(
        channels: Int, hidden: Int, size: MapSize, _ precision: Precision, hasNormBias: Bool = true,
        hasBiases: Bool = false
    ) throws {
        let weights = FeedForward.Weights(
            norm: NormWeights(
                weight: Values.gains("norm", channels),
                bias: hasNormBias ? Values.uniform("norm bias", channels, scale: 0.1) : nil),
            projectIn: Values.weights("in", 2 * hidden * channels, fanIn: channels),
            projectInBias: hasBiases ? Values.uniform("in bias", 2 * hidden) : nil,
            depthwise: Values.weights("depthwise", 2 * hidden * 9, fanIn: 9),
            depthwiseBias: hasBiases ? Values.uniform("depthwise bias", 2 * hidden) : nil,
            projectOut: Values.weights("out", channels * hidden, fanIn: hidden),
            projectOutBias: hasBiases ? Values.uniform("out bias", channels) : nil)
        // One channel has no variance: without its mean subtracted, epsilon alone divides it, by 1/316.
        let values = BFloat16Bits.stored(
            Values.uniform("x", channels * size.pixelCount, scale: channels == 1 ? 1.0 / 316 : 1),
            in: precision)
        let input = try GuardedMap(
            values, channels: channels, height: size.height, width: size.width, precision: precision)
        let output = try GuardedMap(
            channels: channels, height: size.height, width: size.width, precision: precision)
        let feedForward = try FeedForward(
            channels: channels, hiddenChannels: hidden, weights: weights, precision: precision)
        let grid = StripGrid(height: size.height, width: size.width, precision: precision)
        let scratch = try GuardedMemory(count: feedForward.scratchCount(grid: grid, channels: channels))
        for strip in grid.strips.reversed() {
            feedForward.run(strip, grid: grid, input: input.map, output: output.map, scratch: scratch.run)
        }

        let x = Planes(values, channels: channels, height: size.height, width: size.width)
        let twin = Self.twin(x, weights, hidden: hidden, precision)
        expectClose(output.planes, twin.output.values, within: twin.tolerance, "feed-forward in \(precision)")
        #expect(input.planes == values && output.paddingIsZero)
        #expect(output.guardsAreIntact && input.guardsAreIntact && scratch.guardsAreIntact)
    }

    /// The twin's output, and what rounding may change of it: as many units in the last place as the longest sums
    /// have terms, of the largest sum of magnitudes on the way (first for the hidden features, then for the output).
    private static func twin(
        _ x: Planes, _ weights: FeedForward.Weights, hidden: Int, _ precision: Precision
    ) -> (output: Planes, tolerance: Double) {
        let normalized = Reference.layerNorm(
            x, weight: weights.norm.weight.doubles, bias: weights.norm.bias?.doubles)
        let projectIn = Reference.Filter(weights.projectIn, bias: weights.projectInBias)
        let depthwise = Reference.Filter(weights.depthwise, bias: weights.depthwiseBias)
        let projectOut = Reference.Filter(weights.projectOut, bias: weights.projectOutBias)
        let output =
            x
            + Reference.feedForward(
                normalized,
                Reference.FeedForwardWeights(
                    hiddenChannels: hidden, projectIn: projectIn, depthwise: depthwise,
                    projectOut: projectOut))
        let largestHidden = Reference.depthwise3x3(
            Reference.pointwise(
                normalized.magnitudes, outputChannels: 2 * hidden, projectIn.magnitudes),
            depthwise.magnitudes
        ).largestMagnitude
        let largest = max(1, largestHidden) * max(1, output.largestMagnitude)
        switch precision {
        case .float32: return (output, Double(x.channels + hidden + 32) * Rounding.unit * largest)
        // Two rounded operands in each of two products, and the rounded result; the errors of the terms of a sum rarely
        // add up.
        case .bfloat16, .bfloat16AMX: return (output, 2 * 0x1p-8 * largest)
        // The same with steps of a 127th of the largest operand, and a rounded v.
        case .int8: return (output, 2.0 / 127 * largest)
        }
    }
}
