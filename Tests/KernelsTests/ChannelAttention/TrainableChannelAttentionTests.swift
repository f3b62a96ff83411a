import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite(.figures) struct TrainableChannelAttentionTests {
    @Test(arguments: [(6, 1), (12, 2), (28, 2), (20, 1), (34, 1)], ActivationKeeping.allCases)
    func agreesWithCentralDifferences(shape: (Int, Int), keeps: ActivationKeeping) throws {
        for size in [MapSize(height: 3, width: 5), MapSize(height: 4, width: 9)] {
            try compare(shape.0, heads: shape.1, size, keeps: keeps)
        }
    }

    @Test func withBiasesAndWithoutNormBias() throws {
        let size = MapSize(height: 5, width: 6)
        try compare(10, heads: 2, size, hasBiases: true)
        try compare(10, heads: 5, size, hasNormBias: false)
        try compare(9, heads: 1, size, hasNormBias: false, hasBiases: true)
    }

    /// A single pixel: every unit row is ±1 and does not depend on its length.
    @Test func onePixel() throws {
        try compare(8, heads: 2, MapSize(height: 1, width: 1))
    }

    /// More pixels than are summed at a time.
    @Test func overManyChunks() throws {
        try compare(6, heads: 2, MapSize(height: 17, width: 33))
    }

    @Test(arguments: ActivationKeeping.allCases)
    func inMixedPrecision(keeps: ActivationKeeping) throws {
        for size in [MapSize(height: 3, width: 5), MapSize(height: 9, width: 40)] {
            try compare(34, heads: 2, size, hasBiases: true, keeps: keeps, precision: .mixed)
        }
        // An odd number of panels.
        try compare(16, heads: 1, MapSize(height: 6, width: 7), keeps: keeps, precision: .mixed)
    }

    private func compare(
        _ channels: Int, heads: Int, _ size: MapSize, hasNormBias: Bool = true, hasBiases: Bool = false,
        keeps: ActivationKeeping = .floats, precision: TrainingPrecision = .float32
    ) throws {
        var values = [
            "norm": Values.gains("norm", channels), "temperature": Values.gains("temperature", heads),
            "qkv": Values.weights("qkv", 3 * channels * channels, fanIn: channels),
            "depthwise": Values.weights("depthwise", 3 * channels * 9, fanIn: 9),
            "out": Values.weights("out", channels * channels, fanIn: channels),
        ]
        if hasNormBias { values["norm bias"] = Values.uniform("norm bias", channels, scale: 0.1) }
        if hasBiases {
            values["qkv bias"] = Values.uniform("qkv bias", 3 * channels)
            values["depthwise bias"] = Values.uniform("depthwise bias", 3 * channels)
            values["out bias"] = Values.uniform("out bias", channels)
        }
        let tensors = try TrainableTensors(values)
        let block = TrainableChannelAttention(
            channels: channels, heads: heads,
            norm: TrainableNorm(weight: try tensors("norm"), bias: tensors.optional("norm bias")),
            temperature: try tensors("temperature"), qkv: try tensors.filter("qkv", "qkv bias"),
            depthwise: try tensors.filter("depthwise", "depthwise bias"),
            projectOut: try tensors.filter("out", "out bias"), precision: precision)
        let problem = TrainableBlockProblem(channels: channels, size: size, tensors: tensors) { values, x in
            x
                + Reference.channelAttention(
                    Reference.layerNorm(x, weight: values["norm"] ?? [], bias: values["norm bias"]),
                    Reference.ChannelAttentionWeights(
                        temperature: values["temperature"] ?? [],
                        qkv: Reference.Filter(values, "qkv", "qkv bias"),
                        depthwise: Reference.Filter(values, "depthwise", "depthwise bias"),
                        projectOut: Reference.Filter(values, "out", "out bias")))
        }
        let kernel = TrainableBlockProblem.Kernel(
            packedCount: block.packedCount, sumCount: block.sumCount, reductionCount: block.reductionCount,
            keptCount: block.keptCount(height: size.height, width: size.width),
            momentCount: block.momentCount,
            pictureScratchCount: max(
                block.forwardScratchCount(height: size.height, width: size.width),
                block.backwardScratchCount(height: size.height, width: size.width)),
            workerScratchCount: block.workerScratchCount(height: size.height, width: size.width),
            pack: { block.pack(into: $0, for: $1, team: WorkerTeam(threadCount: 2)) },
            forward: { block.forward($0, input: $1, output: $2, kept: $3, moments: $4, scratch: $5) },
            backward: {
                block.backward($0, input: $1, gradient: $2, kept: $3, moments: $4, sums: $5, scratch: $6)
            },
            reduce: { block.reduce($0, groupCount: $1, scratch: $2, team: WorkerTeam(threadCount: 2)) })
        try problem.compare(kernel, keeps: keeps, precision: precision)
    }
}
