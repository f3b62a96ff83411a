import Kernels
import PromptIR
import Tensors

/// Puts the network's nodes together, in the order of PromptIR (arXiv 2306.13090, figure 2).
struct TrainingPlanBuilder {
    private(set) var plan: TrainingPlan
    private let configuration: Configuration
    private let parameters: ParameterStore

    private(set) var image: MapIndex = 0
    private(set) var residual: MapIndex = 0

    init(
        parameters: ParameterStore, shape: BatchShape, memory: MemoryPlan, precision: ActivationPrecision,
        threadCount: Int
    ) {
        self.parameters = parameters
        configuration = parameters.configuration
        plan = TrainingPlan(shape: shape, memory: memory, precision: precision, threadCount: threadCount)
        build()
        plan.layOut()
    }

    // MARK: - Tensors

    /// Traps if there is none: the store and the configuration belong together.
    private func tensor(_ name: String) -> TrainedTensor {
        guard let tensor = optional(name) else { preconditionFailure("no parameter \(name)") }
        return tensor
    }

    private func optional(_ name: String) -> TrainedTensor? {
        parameters.entry(named: name).map {
            TrainedTensor(
                values: FloatRun(parameters.values, offset: $0.offset),
                gradients: FloatRun(parameters.gradients, offset: $0.offset))
        }
    }

    private func filter(_ name: String) -> TrainedFilter {
        TrainedFilter(weight: tensor("\(name).weight"), bias: optional("\(name).bias"))
    }

    private func norm(_ name: String) -> TrainedNorm {
        TrainedNorm(weight: tensor("\(name).body.weight"), bias: optional("\(name).body.bias"))
    }

    // MARK: - Nodes

    private mutating func convolve(
        _ name: String, _ input: MapIndex, to channels: Int, isFirst: Bool = false
    ) -> MapIndex {
        let size = plan.maps[input]
        let output = plan.map(channels: channels, height: size.height, width: size.width)
        plan.add(
            ConvolutionNode(
                convolution: TrainedConvolution3x3(
                    inputChannels: size.channels, outputChannels: channels, filter: filter(name)),
                input: input, output: output, size: size, index: plan.nodes.count, isFirst: isFirst),
            inputs: [input], output: output, keeps: [input], isFirst: isFirst)
        return output
    }

    private mutating func reduce(_ name: String, _ input: MapIndex, to channels: Int) -> MapIndex {
        let size = plan.maps[input]
        let output = plan.map(channels: channels, height: size.height, width: size.width)
        plan.add(
            PointwiseNode(
                convolution: TrainedPointwiseConvolution(
                    inputChannels: size.channels, outputChannels: channels, filter: filter(name)),
                input: input, output: output),
            inputs: [input], output: output, keeps: [input])
        return output
    }

    /// Half the size and twice the channels (`enlarges` false), or the other way about.
    private mutating func resize(_ name: String, _ input: MapIndex, enlarges: Bool) -> MapIndex {
        let size = plan.maps[input]
        let (channels, height, width) =
            enlarges
            ? (size.channels / 2, 2 * size.height, 2 * size.width)
            : (2 * size.channels, size.height / 2, size.width / 2)
        let convolved = convolve(
            "\(name).body.0", input, to: enlarges ? 2 * size.channels : size.channels / 2)
        let output = plan.map(channels: channels, height: height, width: width)
        plan.add(
            ShuffleNode(input: convolved, output: output, enlarges: enlarges), inputs: [convolved],
            output: output)
        return output
    }

    private mutating func down(_ name: String, _ input: MapIndex) -> MapIndex {
        resize(name, input, enlarges: false)
    }

    private mutating func up(_ name: String, _ input: MapIndex) -> MapIndex {
        resize(name, input, enlarges: true)
    }

    private mutating func join(_ first: MapIndex, _ second: MapIndex) -> MapIndex {
        let size = plan.maps[first]
        let output = plan.map(
            channels: size.channels + plan.maps[second].channels, height: size.height, width: size.width)
        plan.add(
            JoinNode(first: first, second: second, output: output, index: plan.nodes.count),
            inputs: [first, second], output: output)
        return output
    }

    /// Channels from which on a block's projected features are kept rather than projected again: for fewer the
    /// product costs less than the way to memory and back.
    static let smallestKeptWidth = 48

    private mutating func block(_ name: String, _ stage: Configuration.Stage, _ input: MapIndex) -> MapIndex {
        let size = plan.maps[input]
        let keeps = plan.memory == .keep && stage.channels >= Self.smallestKeptWidth
        let attention = TrainedChannelAttention(
            channels: stage.channels, heads: stage.heads, norm: norm("\(name).norm1"),
            temperature: tensor("\(name).attn.temperature"), qkv: filter("\(name).attn.qkv"),
            depthwise: filter("\(name).attn.qkv_dwconv"), projectOut: filter("\(name).attn.project_out"))
        let attended = plan.map(channels: stage.channels, height: size.height, width: size.width)
        let qkv = keeps ? plan.panels(attention.keptCount(height: size.height, width: size.width)) : nil
        let moments = plan.run(attention.momentCount)
        plan.add(
            AttentionNode(
                attention: attention, input: input, output: attended, projected: qkv, moments: moments,
                size: size),
            inputs: [input], output: attended, keeps: [input], inPlace: true)
        let feedForward = TrainedFeedForward(
            channels: stage.channels, hiddenChannels: stage.hiddenChannels, norm: norm("\(name).norm2"),
            projectIn: filter("\(name).ffn.project_in"), depthwise: filter("\(name).ffn.dwconv"),
            projectOut: filter("\(name).ffn.project_out"))
        let output = plan.map(channels: stage.channels, height: size.height, width: size.width)
        let hidden = keeps ? plan.panels(feedForward.keptCount(height: size.height, width: size.width)) : nil
        plan.add(
            FeedForwardNode(
                feedForward: feedForward, input: attended, output: output, projected: hidden, size: size),
            inputs: [attended], output: output, keeps: [attended], inPlace: true)
        return output
    }

    private mutating func stage(_ stage: Configuration.Stage, _ input: MapIndex) -> MapIndex {
        var features = input
        for index in 0..<stage.blockCount {
            features = block("\(stage.name).\(index)", stage, features)
        }
        return features
    }

    private mutating func prompted(level: Int, _ features: MapIndex, to channels: Int) -> MapIndex {
        let prompt = configuration.prompts[level - 1]
        let name = "prompt\(level)"
        let size = plan.maps[features]
        let trained = TrainedPrompt(
            channels: prompt.channels, height: prompt.height, width: prompt.width, length: prompt.length,
            featureChannels: prompt.featureChannels, components: tensor("\(name).prompt_param"),
            linear: filter("\(name).linear_layer"))
        let output = plan.map(channels: prompt.channels, height: size.height, width: size.width)
        let choices = plan.run(trained.keptCount)
        plan.add(
            PromptNode(
                prompt: trained, features: features, output: output, choices: choices, shape: plan.shape,
                threadCount: plan.threadCount),
            inputs: [features], output: output)
        let convolved = convolve("\(name).conv3x3", output, to: prompt.channels)
        let joined = block("noise_level\(level)", configuration.noise[level - 1], join(features, convolved))
        return reduce("reduce_noise_level\(level)", joined, to: channels)
    }

    private mutating func build() {
        let shape = plan.shape
        let width = configuration.channels(level:)
        let (encoder, decoder) = (configuration.encoder, configuration.decoder)
        image = plan.map(channels: 3, height: shape.height, width: shape.width)
        let embedded = convolve("patch_embed.proj", image, to: configuration.dim, isFirst: true)
        let skip1 = stage(encoder[0], embedded)
        let skip2 = stage(encoder[1], down("down1_2", skip1))
        let skip3 = stage(encoder[2], down("down2_3", skip2))
        var features = prompted(level: 3, stage(encoder[3], down("down3_4", skip3)), to: width(3))
        features = reduce("reduce_chan_level3", join(up("up4_3", features), skip3), to: width(3))
        features = prompted(level: 2, stage(decoder[2], features), to: width(3))
        features = reduce("reduce_chan_level2", join(up("up3_2", features), skip2), to: width(2))
        features = prompted(level: 1, stage(decoder[1], features), to: width(2))
        features = join(up("up2_1", features), skip1)
        features = stage(configuration.refinement, stage(decoder[0], features))
        residual = convolve("output", features, to: 3)
    }
}
