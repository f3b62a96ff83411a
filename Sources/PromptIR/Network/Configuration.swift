/// All widths and depths of a PromptIR network, read from the shapes of its tensors.
///
/// Widths double per level, as the pixel (un)shuffles require (arXiv 2306.13090, figure 2): `dim`, 2·dim,
/// 4·dim, 8·dim. Depths, heads, hidden widths, sizes of prompts and biases are free.
package struct Configuration: Sendable, Equatable {
    /// A sequence of transformer blocks of one width.
    package struct Stage: Sendable, Equatable {
        /// The name in the checkpoint, such as `encoder_level1`.
        package let name: String
        package let channels: Int
        package let heads: Int
        /// The width of the gated feed-forward after the gate.
        package let hiddenChannels: Int
        package let blockCount: Int
        /// Whether the checkpoint numbers the blocks.
        package let isIndexed: Bool

        /// The names of the blocks in the checkpoint.
        package var blockNames: [String] {
            (0..<blockCount).map { isIndexed ? "\(name).\($0)" : name }
        }
    }

    /// One of the three prompts.
    package struct Prompt: Sendable, Equatable {
        package let channels: Int
        /// The stored size of a component.
        package let height: Int
        package let width: Int
        /// The number of components that are mixed.
        package let length: Int
        /// The number of channels of the features that choose the mixture.
        package let featureChannels: Int
    }

    /// The number of channels after the patch embedding.
    package let dim: Int
    /// Encoder levels 1 to 3 and the latent stage.
    package let encoder: [Stage]
    /// Decoder levels 1 to 3 (index 0 is level 1).
    package let decoder: [Stage]
    package let refinement: Stage
    /// The blocks after each prompt is joined, levels 1 to 3.
    package let noise: [Stage]
    /// The prompts of levels 1 to 3.
    package let prompts: [Prompt]
    /// Whether layer normalisations have no bias.
    package let hasBiasFreeNorms: Bool
    /// Whether at least one convolution has a bias.
    package let hasConvolutionBiases: Bool

    /// Returns the number of channels at levels 1 to 4.
    package func channels(level: Int) -> Int { dim << (level - 1) }

    /// The names of the encoder's stages in the checkpoint, levels 1 to 4.
    static let encoderNames = ["encoder_level1", "encoder_level2", "encoder_level3", "latent"]

    /// Returns the width of the decoder at levels 1 to 3. Level 1 decodes at twice its encoder's width,
    /// because its skip connection is joined without a reduction.
    static func decoderChannels(level: Int, dim: Int) -> Int { level == 3 ? 4 * dim : 2 * dim }

    /// Returns the width of the features that choose the prompt of levels 1 to 3: those of the stage below.
    static func promptedChannels(level: Int, dim: Int) -> Int { dim << level }

    /// Reads the configuration and checks every tensor against it.
    /// - Throws: `NetworkError` with the tensor's name, what was expected and what was found.
    package init(tensorShapes: [String: [Int]]) throws(NetworkError) {
        let reader = ShapeReader(shapes: tensorShapes)
        dim = try reader.dimension(0, of: "patch_embed.proj.weight", rank: 4)
        guard dim % 2 == 0 else {
            // Half of the channels go into each pixel unshuffle.
            throw .misshapedTensor(
                name: "patch_embed.proj.weight", expected: "an even number of output channels",
                found: tensorShapes["patch_embed.proj.weight"] ?? [])
        }
        var encoder: [Stage] = []
        for (level, name) in Self.encoderNames.enumerated() {
            encoder.append(try reader.stage(name, channels: dim << level, isIndexed: true))
        }
        var decoder: [Stage] = []
        var noise: [Stage] = []
        var prompts: [Prompt] = []
        for level in 1...3 {
            decoder.append(
                try reader.stage(
                    "decoder_level\(level)", channels: Self.decoderChannels(level: level, dim: dim),
                    isIndexed: true))
            let features = Self.promptedChannels(level: level, dim: dim)
            let prompt = try reader.prompt("prompt\(level)", featureChannels: features)
            prompts.append(prompt)
            noise.append(
                try reader.stage(
                    "noise_level\(level)", channels: features + prompt.channels, isIndexed: false))
        }
        self.encoder = encoder
        self.decoder = decoder
        self.noise = noise
        self.prompts = prompts
        refinement = try reader.stage("refinement", channels: 2 * dim, isIndexed: true)
        hasBiasFreeNorms = tensorShapes["encoder_level1.0.norm1.body.bias"] == nil
        hasConvolutionBiases = tensorShapes.keys.contains {
            $0.hasSuffix(".bias") && !$0.hasSuffix(".body.bias") && !$0.hasSuffix(".linear_layer.bias")
        }
        try ParameterTable(configuration: self).check(tensorShapes)
    }

    /// All stages in the order in which they run.
    package var stages: [Stage] { Topology(self).stages }

    /// The tensors of published checkpoints that the forward pass never uses.
    package static let knownUnusedTensors: Set<String> = [
        "chnl_reduce1.weight", "chnl_reduce2.weight", "chnl_reduce3.weight",
        "reduce_noise_channel_1.weight", "reduce_noise_channel_2.weight", "reduce_noise_channel_3.weight",
    ]

    /// Returns the known unused tensors that a checkpoint holds, sorted.
    package static func unusedTensors(in tensorShapes: [String: [Int]]) -> [String] {
        tensorShapes.keys.filter(knownUnusedTensors.contains).sorted()
    }
}

/// Reads the free sizes from the shapes; `ParameterTable` then checks everything against them.
private struct ShapeReader {
    let shapes: [String: [Int]]

    func shape(_ name: String, rank: Int) throws(NetworkError) -> [Int] {
        guard let shape = shapes[name] else {
            throw .missingTensor(name: name, expected: "a tensor of rank \(rank)")
        }
        guard shape.count == rank, shape.allSatisfy({ $0 > 0 && $0 <= NetworkLimits.largestDimension }) else {
            throw .misshapedTensor(
                name: name, expected: "rank \(rank), dimensions 1 to \(NetworkLimits.largestDimension)",
                found: shape)
        }
        return shape
    }

    func dimension(_ index: Int, of name: String, rank: Int) throws(NetworkError) -> Int {
        try shape(name, rank: rank)[index]
    }

    func stage(
        _ name: String, channels: Int, isIndexed: Bool
    ) throws(NetworkError) -> Configuration.Stage {
        var count = 1
        if isIndexed {
            while count < NetworkLimits.largestBlockCount, shapes["\(name).\(count).attn.temperature"] != nil
            {
                count += 1
            }
        }
        let first = isIndexed ? "\(name).0" : name
        let heads = try dimension(0, of: "\(first).attn.temperature", rank: 3)
        guard channels % heads == 0 else {
            throw .misshapedTensor(
                name: "\(first).attn.temperature",
                expected: "a number of heads that divides \(channels) channels",
                found: [heads, 1, 1])
        }
        return Configuration.Stage(
            name: name, channels: channels, heads: heads,
            hiddenChannels: try dimension(1, of: "\(first).ffn.project_out.weight", rank: 4),
            blockCount: count, isIndexed: isIndexed)
    }

    func prompt(_ name: String, featureChannels: Int) throws(NetworkError) -> Configuration.Prompt {
        let shape = try shape("\(name).prompt_param", rank: 5)
        return Configuration.Prompt(
            channels: shape[2], height: shape[3], width: shape[4], length: shape[1],
            featureChannels: featureChannels)
    }
}

/// Bounds that prevent overflow in arithmetic on sizes from a hostile file.
enum NetworkLimits {
    /// Sums of so many products in int8, each at most 127 · 255, have 32 bits.
    static let largestDimension = 1 << 16
    static let largestBlockCount = 1000
}
