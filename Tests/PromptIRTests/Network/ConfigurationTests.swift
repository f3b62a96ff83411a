import PromptIR
import Testing

/// Every width and depth comes from the shapes.
@Suite struct ConfigurationTests {
    static let configurations: [Configuration] = [
        .published, .compact, .micro, .tiny(), .tiny(hasBiasFreeNorms: true),
        usual(dim: 56), usual(dim: 64), usual(dim: 48, promptLength: 8), usual(dim: 4), usual(dim: 12),
        usual(dim: 48, promptChannels: [32, 96, 200], promptSizes: [96, 48, 20]),
        usual(dim: 48, blockCounts: [1, 2, 3, 12], refinementBlockCount: 7),
        usual(dim: 48, heads: [3, 6, 2, 16]), usual(dim: 48, expansion: 2), usual(dim: 48, expansion: 0.1),
    ]

    static func usual(
        dim: Int, blockCounts: [Int] = [4, 6, 6, 8], refinementBlockCount: Int = 4,
        heads: [Int] = [1, 2, 4, 8], promptChannels: [Int] = [64, 128, 320],
        promptSizes: [Int] = [64, 32, 16], promptLength: Int = 5, expansion: Double = 2.66
    ) -> Configuration {
        Configuration(
            dim: dim, blockCounts: blockCounts, refinementBlockCount: refinementBlockCount, heads: heads,
            promptChannels: promptChannels, promptSizes: promptSizes, promptLength: promptLength,
            expansion: expansion)
    }

    @Test(arguments: configurations) func isReadBackFromShapes(configuration: Configuration) throws {
        #expect(try Configuration(tensorShapes: configuration.tensorShapes()) == configuration)
    }

    @Test func readsConvolutionBiases() throws {
        let shapes = Configuration.micro.tensorShapes { $0.hasSuffix("ffn.dwconv") }
        let configuration = try Configuration(tensorShapes: shapes)
        #expect(configuration.hasConvolutionBiases)
        #expect(configuration.stages == Configuration.micro.stages)
        #expect(try !Configuration(tensorShapes: Configuration.micro.tensorShapes()).hasConvolutionBiases)
    }

    @Test func readsPromptsOfAnyShape() throws {
        var shapes = Configuration.micro.tensorShapes()
        shapes["prompt2.prompt_param"] = [1, 3, 16, 7, 12]
        shapes["prompt2.linear_layer.weight"] = [3, 32]
        shapes["prompt2.linear_layer.bias"] = [3]
        let prompt = try Configuration(tensorShapes: shapes).prompts[1]
        #expect(prompt.height == 7 && prompt.width == 12 && prompt.length == 3 && prompt.channels == 16)
    }

    /// Stages differ in depth, heads and hidden width, each on its own.
    @Test func readsEveryStageByItself() throws {
        let configuration = try Configuration(tensorShapes: Self.unevenShapes)
        #expect(configuration.encoder.map(\.blockCount) == [1, 1, 1, 1])
        #expect(configuration.decoder.map(\.blockCount) == [1, 3, 1])
        #expect(configuration.decoder.map(\.heads) == [1, 4, 4])
        #expect(configuration.refinement.hiddenChannels == 33)
        #expect(configuration.noise.map(\.heads) == [4, 4, 2])
    }

    /// The micro network with two more blocks in decoder level 2, other heads and another hidden width.
    static let unevenShapes: [String: [Int]] = {
        var shapes = Configuration.micro.tensorShapes()
        shapes["decoder_level2.0.attn.temperature"] = [4, 1, 1]
        shapes["noise_level3.attn.temperature"] = [2, 1, 1]
        for (name, shape) in shapes where name.hasPrefix("decoder_level2.0.") {
            for index in 1...2 {
                shapes["decoder_level2.\(index).\(name.dropFirst("decoder_level2.0.".count))"] = shape
            }
        }
        shapes["refinement.0.ffn.project_in.weight"] = [66, 16, 1, 1]
        shapes["refinement.0.ffn.dwconv.weight"] = [66, 1, 3, 3]
        shapes["refinement.0.ffn.project_out.weight"] = [16, 33, 1, 1]
        return shapes
    }()

    /// 548 tensors and 35,592,263 parameters, of which six and 215,296 are never used.
    @Test func publishedNetworkHasItsParameters() {
        let parameters = ParameterTable(configuration: .published).parameters.filter { !$0.isOptional }
        #expect(parameters.count == 548 - 6)
        #expect(parameters.reduce(0) { $0 + $1.shape.reduce(1, *) } == 35_592_263 - 215_296)
    }

    @Test func acceptsAndReportsUnusedTensors() throws {
        var shapes = Configuration.micro.tensorShapes()
        let names = [
            "chnl_reduce1.weight", "chnl_reduce2.weight", "chnl_reduce3.weight",
            "reduce_noise_channel_1.weight", "reduce_noise_channel_2.weight", "reduce_noise_channel_3.weight",
        ]
        for name in names { shapes[name] = [64, 64, 1, 1] }
        #expect(try Configuration(tensorShapes: shapes) == .micro)
        #expect(Configuration.unusedTensors(in: shapes) == names)
        #expect(try Network(weights: FormulaSource(tensorShapes: shapes)).unusedTensors == names)
    }
}
