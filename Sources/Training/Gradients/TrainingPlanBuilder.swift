import Kernels
import PromptIR
import Tensors

/// Assembles the network's nodes in the order of PromptIR (arXiv 2306.13090, figure 2).
struct TrainingPlanBuilder {
    private(set) var plan: TrainingPlan
    private let parameters: ParameterStore

    private(set) var image: MapIndex = 0
    private(set) var residual: MapIndex = 0

    init(
        parameters: ParameterStore, shape: BatchShape, memory: MemoryPlan, precision: TrainingPrecision,
        threadCount: Int
    ) {
        self.parameters = parameters
        plan = TrainingPlan(shape: shape, memory: memory, precision: precision, threadCount: threadCount)
        build()
        plan.layOut()
    }

    // MARK: - Tensors

    /// Returns a parameter. Traps if there is none, because the store has the configuration's parameters.
    private func tensor(_ name: String) -> TrainableTensor {
        guard let tensor = optional(name) else { preconditionFailure("no parameter \(name)") }
        return tensor
    }

    private func optional(_ name: String) -> TrainableTensor? {
        parameters.entry(named: name).map {
            TrainableTensor(
                values: FloatRun(parameters.values, offset: $0.offset),
                gradients: FloatRun(parameters.gradients, offset: $0.offset))
        }
    }

    private func filter(_ name: String) -> TrainableFilter {
        TrainableFilter(weight: tensor("\(name).weight"), bias: optional("\(name).bias"))
    }

    private func norm(_ name: String) -> TrainableNorm {
        TrainableNorm(weight: tensor("\(name).body.weight"), bias: optional("\(name).body.bias"))
    }

    // MARK: - Nodes

    private mutating func convolve(
        _ name: String, _ input: MapIndex, to channels: Int, isFirst: Bool = false
    ) -> MapIndex {
        let size = plan.maps[input]
        let output = plan.map(channels: channels, height: size.height, width: size.width)
        plan.add(
            ConvolutionNode(
                convolution: TrainableConvolution3x3(
                    inputChannels: size.channels, outputChannels: channels, filter: filter(name),
                    // Like in inference, the first and the last layer are float32.
                    precision: isFirst || channels == plan.maps[image].channels ? .float32 : plan.precision),
                input: input, output: output, size: size, index: plan.nodes.count, isFirst: isFirst),
            inputs: [input], output: output, keeps: [input], isFirst: isFirst)
        return output
    }

    private mutating func reduce(_ name: String, _ input: MapIndex, to channels: Int) -> MapIndex {
        let size = plan.maps[input]
        let output = plan.map(channels: channels, height: size.height, width: size.width)
        plan.add(
            PointwiseNode(
                convolution: TrainablePointwiseConvolution(
                    inputChannels: size.channels, outputChannels: channels, filter: filter(name),
                    precision: plan.precision),
                input: input, output: output),
            inputs: [input], output: output, keeps: [input])
        return output
    }

    /// Adds a node that halves the size and doubles the channels, or the reverse if `enlarges` is true.
    private mutating func resize(
        _ module: Topology.Module, _ input: MapIndex, enlarges: Bool
    ) -> MapIndex {
        let size = plan.maps[input]
        let (channels, height, width) =
            enlarges
            ? (size.channels / 2, 2 * size.height, 2 * size.width)
            : (2 * size.channels, size.height / 2, size.width / 2)
        let convolved = convolve(
            module.convolution, input, to: enlarges ? 2 * size.channels : size.channels / 2)
        let output = plan.map(channels: channels, height: height, width: width)
        plan.add(
            ShuffleNode(input: convolved, output: output, enlarges: enlarges), inputs: [convolved],
            output: output)
        return output
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

    /// The fewest channels for which a block's projected features are kept. For fewer, computing them again
    /// costs less than writing and reading them.
    static let smallestKeptWidth = 48

    private mutating func block(_ name: String, _ stage: Configuration.Stage, _ input: MapIndex) -> MapIndex {
        let size = plan.maps[input]
        let keeps = plan.memory == .keep && stage.channels >= Self.smallestKeptWidth
        let attention = TrainableChannelAttention(
            channels: stage.channels, heads: stage.heads, norm: norm("\(name).norm1"),
            temperature: tensor("\(name).attn.temperature"), qkv: filter("\(name).attn.qkv"),
            depthwise: filter("\(name).attn.qkv_dwconv"), projectOut: filter("\(name).attn.project_out"),
            precision: plan.precision)
        let attended = plan.map(channels: stage.channels, height: size.height, width: size.width)
        let qkv = keeps ? plan.panels(attention.keptCount(height: size.height, width: size.width)) : nil
        let moments = plan.run(attention.momentCount)
        plan.add(
            AttentionNode(
                attention: attention, input: input, output: attended, projected: qkv, moments: moments,
                size: size),
            inputs: [input], output: attended, keeps: [input], inPlace: true)
        let feedForward = TrainableFeedForward(
            channels: stage.channels, hiddenChannels: stage.hiddenChannels, norm: norm("\(name).norm2"),
            projectIn: filter("\(name).ffn.project_in"), depthwise: filter("\(name).ffn.dwconv"),
            projectOut: filter("\(name).ffn.project_out"), precision: plan.precision)
        let output = plan.map(channels: stage.channels, height: size.height, width: size.width)
        let hidden = keeps ? plan.panels(feedForward.keptCount(height: size.height, width: size.width)) : nil
        plan.add(
            FeedForwardNode(
                feedForward: feedForward, input: attended, output: output, projected: hidden, size: size),
            inputs: [attended], output: output, keeps: [attended], inPlace: true)
        return output
    }

    /// Adds nodes that join the features with the prompt that they choose.
    private mutating func prompted(
        _ module: Topology.Module, _ prompt: Configuration.Prompt, _ features: MapIndex
    ) -> MapIndex {
        let name = module.name
        let size = plan.maps[features]
        let trained = TrainablePrompt(
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
        return join(features, convolve(module.convolution, output, to: prompt.channels))
    }

    private mutating func build() {
        image = plan.map(channels: 3, height: plan.shape.height, width: plan.shape.width)
        var features = image
        var skips: [MapIndex] = []
        for module in Topology(parameters.configuration).modules {
            switch module.kind {
            case .embed(let channels):
                features = convolve(module.convolution, image, to: channels, isFirst: true)
            case .stage(let stage):
                for name in stage.blockNames { features = block(name, stage, features) }
            case .down: features = resize(module, features, enlarges: false)
            case .up: features = resize(module, features, enlarges: true)
            case .prompt(let prompt): features = prompted(module, prompt, features)
            case .reduce(_, _, let channels): features = reduce(module.name, features, to: channels)
            case .keep: skips.append(features)
            case .join: features = join(features, skips.removeLast())
            case .output: residual = convolve(module.convolution, features, to: 3)
            }
        }
    }
}
