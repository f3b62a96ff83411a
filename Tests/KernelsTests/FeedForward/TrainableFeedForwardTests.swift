import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite(.figures) struct TrainableFeedForwardTests {
    @Test(arguments: [(8, 5), (12, 31), (17, 48), (24, 130)], ActivationKeeping.allCases)
    func agreesWithCentralDifferences(widths: (Int, Int), keeps: ActivationKeeping) throws {
        for size in [
            MapSize(height: 3, width: 5), MapSize(height: 1, width: 1), MapSize(height: 4, width: 9),
        ] {
            try compare(widths.0, widths.1, size, keeps: keeps)
        }
    }

    @Test func withBiasesAndWithoutNormBias() throws {
        let size = MapSize(height: 5, width: 6)
        try compare(10, 21, size, hasBiases: true)
        try compare(10, 21, size, hasNormBias: false)
        try compare(9, 20, size, hasNormBias: false, hasBiases: true)
    }

    /// More pixels than are summed at a time.
    @Test func overManyChunks() throws {
        try compare(6, 15, MapSize(height: 17, width: 33))
    }

    @Test(arguments: ActivationKeeping.allCases)
    func inMixedPrecision(keeps: ActivationKeeping) throws {
        for size in [
            MapSize(height: 3, width: 5), MapSize(height: 9, width: 40), MapSize(height: 1, width: 1),
        ] {
            try compare(24, 63, size, hasBiases: true, keeps: keeps, precision: .mixed)
        }
        // An odd number of gated panels.
        try compare(24, 40, MapSize(height: 6, width: 7), keeps: keeps, precision: .mixed)
    }

    private func compare(
        _ channels: Int, _ hidden: Int, _ size: MapSize, hasNormBias: Bool = true, hasBiases: Bool = false,
        keeps: ActivationKeeping = .floats, precision: TrainingPrecision = .float32
    ) throws {
        var values = [
            "norm": Values.gains("norm", channels),
            "in": Values.weights("in", 2 * hidden * channels, fanIn: channels),
            "depthwise": Values.weights("depthwise", 2 * hidden * 9, fanIn: 9),
            "out": Values.weights("out", channels * hidden, fanIn: hidden),
        ]
        if hasNormBias { values["norm bias"] = Values.uniform("norm bias", channels, scale: 0.1) }
        if hasBiases {
            values["in bias"] = Values.uniform("in bias", 2 * hidden)
            values["depthwise bias"] = Values.uniform("depthwise bias", 2 * hidden)
            values["out bias"] = Values.uniform("out bias", channels)
        }
        let tensors = try TrainableTensors(values)
        let block = TrainableFeedForward(
            channels: channels, hiddenChannels: hidden,
            norm: TrainableNorm(weight: try tensors("norm"), bias: tensors.optional("norm bias")),
            projectIn: try tensors.filter("in", "in bias"),
            depthwise: try tensors.filter("depthwise", "depthwise bias"),
            projectOut: try tensors.filter("out", "out bias"), precision: precision)
        let problem = TrainableBlockProblem(channels: channels, size: size, tensors: tensors) { values, x in
            x
                + Reference.feedForward(
                    Reference.layerNorm(x, weight: values["norm"] ?? [], bias: values["norm bias"]),
                    Reference.FeedForwardWeights(
                        hiddenChannels: hidden, projectIn: Reference.Filter(values, "in", "in bias"),
                        depthwise: Reference.Filter(values, "depthwise", "depthwise bias"),
                        projectOut: Reference.Filter(values, "out", "out bias")))
        }
        let kernel = TrainableBlockProblem.Kernel(
            packedCount: block.packedCount, sumCount: block.sumCount, reductionCount: block.reductionCount,
            keptCount: block.keptCount(height: size.height, width: size.width), momentCount: 0,
            pictureScratchCount: block.pictureScratchCount(height: size.height, width: size.width),
            workerScratchCount: block.workerScratchCount(height: size.height, width: size.width),
            pack: { block.pack(into: $0, for: $1, team: WorkerTeam(threadCount: 2)) },
            forward: { block.forward($0, input: $1, output: $2, kept: $3, scratch: $5) },
            backward: { block.backward($0, input: $1, gradient: $2, kept: $3, sums: $5, scratch: $6) },
            reduce: { block.reduce($0, groupCount: $1, scratch: $2, team: WorkerTeam(threadCount: 2)) })
        try problem.compare(kernel, keeps: keeps, precision: precision)
    }
}
