import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite(.figures) struct ChannelAttentionTests {
    /// Channels and heads: heads of 1, 6, 7, 12, 14, 16, 28, 40 and 80 channels.
    static let heads = [
        (1, 1), (6, 1), (12, 2), (14, 2), (48, 8), (24, 2), (28, 2), (48, 3), (56, 2), (80, 2), (80, 1),
    ]

    @Test(
        arguments: heads,
        [MapSize(height: 1, width: 1), MapSize(height: 3, width: 5), MapSize(height: 9, width: 20)])
    func agreesWithItsTwin(shape: (Int, Int), size: MapSize) throws {
        try AttentionProblem(channels: shape.0, heads: shape.1, size: size).compare()
        try AttentionProblem(channels: shape.0, heads: shape.1, size: size, hasBiases: true).compare()
    }

    @Test(arguments: AwkwardSizes.maps) func overManyStrips(size: MapSize) throws {
        try AttentionProblem(channels: 12, heads: 2, size: size).compare()
        try AttentionProblem(channels: 20, heads: 1, size: size, hasNormBias: false, hasBiases: true)
            .compare()
    }

    /// Rows without length divide by 1e-12, not by zero.
    @Test func acceptsZeros() throws {
        try AttentionProblem(channels: 12, heads: 2, size: MapSize(height: 4, width: 4), inputScale: 0)
            .compare()
    }
}

/// Weights and features of one attention, and its three steps run in guarded memory.
private struct AttentionProblem {
    let channels: Int
    let size: MapSize
    let heads: Int
    let weights: ChannelAttention.Weights
    let values: [Float]

    /// What a map of this precision holds of the features.
    private func values(in precision: Precision) -> [Float] { BFloat16Bits.stored(values, in: precision) }

    init(
        channels: Int, heads: Int, size: MapSize, hasNormBias: Bool = true, hasBiases: Bool = false,
        inputScale: Double = 1
    ) {
        self.channels = channels
        self.heads = heads
        self.size = size
        values = Values.uniform("x", channels * size.pixelCount, scale: inputScale)
        weights = ChannelAttention.Weights(
            norm: NormWeights(
                weight: Values.gains("norm", channels),
                bias: hasNormBias ? Values.uniform("norm bias", channels, scale: 0.1) : nil),
            temperature: Values.gains("temperature", heads),
            qkv: Values.weights("qkv", 3 * channels * channels, fanIn: channels),
            qkvBias: hasBiases ? Values.uniform("qkv bias", 3 * channels) : nil,
            depthwise: Values.weights("depthwise", 3 * channels * 9, fanIn: 9),
            depthwiseBias: hasBiases ? Values.uniform("depthwise bias", 3 * channels) : nil,
            projectOut: Values.weights("out", channels * channels, fanIn: channels),
            projectOutBias: hasBiases ? Values.uniform("out bias", channels) : nil)
    }

    /// Errors of a block's chain of sums: each step's error is at most its number of terms in units of the last
    /// place, of the largest feature on the way; the softmax, whose scores are at most the temperature in size,
    /// passes errors on without making them larger.
    var tolerance: Double {
        let normalized = Reference.layerNorm(
            input, weight: weights.norm.weight.doubles, bias: weights.norm.bias?.doubles)
        let value = Reference.depthwise3x3(
            Reference.pointwise(
                normalized.magnitudes, outputChannels: 3 * channels,
                Reference.Filter(weights.qkv, bias: weights.qkvBias).magnitudes),
            Reference.Filter(weights.depthwise, bias: weights.depthwiseBias).magnitudes)
        return Double(2 * channels + 64) * Rounding.unit * max(value.largestMagnitude, 1)
    }

    private var input: Planes {
        Planes(values, channels: channels, height: size.height, width: size.width)
    }

    private var expected: [Double] {
        let normalized = Reference.layerNorm(
            input, weight: weights.norm.weight.doubles, bias: weights.norm.bias?.doubles)
        let attended = Reference.channelAttention(
            normalized,
            Reference.ChannelAttentionWeights(
                temperature: weights.temperature.doubles,
                qkv: Reference.Filter(weights.qkv, bias: weights.qkvBias),
                depthwise: Reference.Filter(weights.depthwise, bias: weights.depthwiseBias),
                projectOut: Reference.Filter(weights.projectOut, bias: weights.projectOutBias)))
        return (input + attended).values
    }

    func compare() throws {
        for precision in Precision.runnable { try compare(precision) }
    }

    private func compare(_ precision: Precision) throws {
        let attention = try ChannelAttention(
            channels: channels, heads: heads, weights: weights, precision: precision)
        let grid = StripGrid(height: size.height, width: size.width, precision: precision)
        let features = try GuardedMap(
            values, channels: channels, height: size.height, width: size.width, precision: precision)
        let attended = try GuardedMap(
            channels: channels, height: size.height, width: size.width, precision: precision)
        let sums = try GuardedMemory(count: attention.sumCount * grid.strips.count)
        let matrix = try GuardedMemory(count: attention.matrixCount)
        let scratch = try GuardedMemory(count: attention.gatherScratchCount(grid: grid))
        // Strips in any order: each has its own sums.
        for index in grid.strips.indices.reversed() {
            attention.gather(
                stripAt: index, grid: grid, input: features.map, values: attended.map, sums: sums.run,
                scratch: scratch.run)
        }
        #expect(features.planes == values(in: precision) && attended.paddingIsZero)
        let mixScratch = try GuardedMemory(count: attention.mixScratchCount)
        attention.mix(
            sums: sums.run, stripCount: grid.strips.count, matrix: matrix.run, scratch: mixScratch.run)
        let applyScratch = try GuardedMemory(count: attention.applyScratchCount)
        let cut = size.pixelCount / 2
        for range in [cut..<size.pixelCount, 0..<cut] {
            attention.apply(
                matrix.run, values: attended.map, to: features.map, pixels: range, scratch: applyScratch.run)
        }

        // Two rounded operands in each of three products, and the rounded result; the errors of the terms of a sum rarely
        // add up.
        let unit =
            switch precision {
            case .float32: Rounding.unit
            case .bfloat16, .bfloat16AMX: 0x1p-8 / Double(channels + 32)
            // Steps of a 127th of the largest operand.
            case .int8: 1.0 / 127 / Double(channels + 32)
            }
        expectClose(
            features.planes, expected, within: tolerance / Rounding.unit * unit,
            "channel attention in \(precision)")
        #expect(features.paddingIsZero && features.guardsAreIntact && attended.guardsAreIntact)
        for memory in [sums, matrix, scratch, mixScratch, applyScratch] { #expect(memory.guardsAreIntact) }
    }
}
