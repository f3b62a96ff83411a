extension Configuration {
    /// Creates a network of the usual shape, with the same depths, heads and expansion in encoder and decoder.
    ///
    /// - Parameters:
    ///   - blockCounts: the numbers of blocks of levels 1 to 3 and the latent stage.
    ///   - heads: the numbers of heads in the same order; the blocks after the prompts have level 3's.
    ///   - promptChannels, promptSizes: the prompts of levels 1 to 3.
    ///   - expansion: hidden channels of the feed-forward divided by channels, rounded down.
    package init(
        dim: Int, blockCounts: [Int], refinementBlockCount: Int, heads: [Int], promptChannels: [Int],
        promptSizes: [Int], promptLength: Int, expansion: Double = 2.66, hasBiasFreeNorms: Bool = false,
        hasConvolutionBiases: Bool = false
    ) {
        precondition(blockCounts.count == 4 && heads.count == 4, "four levels have depths and heads")
        precondition(promptChannels.count == 3 && promptSizes.count == 3, "three levels have prompts")
        func stage(
            _ name: String, _ channels: Int, _ heads: Int, _ count: Int, isIndexed: Bool = true
        ) -> Stage {
            Stage(
                name: name, channels: channels, heads: heads,
                hiddenChannels: Int(Double(channels) * expansion), blockCount: count, isIndexed: isIndexed)
        }
        self.dim = dim
        encoder = Self.encoderNames.enumerated().map {
            stage($1, dim << $0, heads[$0], blockCounts[$0])
        }
        decoder = (0..<3).map {
            stage(
                "decoder_level\($0 + 1)", Self.decoderChannels(level: $0 + 1, dim: dim), heads[$0],
                blockCounts[$0])
        }
        refinement = stage("refinement", 2 * dim, heads[0], refinementBlockCount)
        let features = (1...3).map { Self.promptedChannels(level: $0, dim: dim) }
        noise = (0..<3).map {
            stage(
                "noise_level\($0 + 1)", features[$0] + promptChannels[$0], heads[2], 1, isIndexed: false)
        }
        prompts = (0..<3).map {
            Prompt(
                channels: promptChannels[$0], height: promptSizes[$0], width: promptSizes[$0],
                length: promptLength, featureChannels: features[$0])
        }
        self.hasBiasFreeNorms = hasBiasFreeNorms
        self.hasConvolutionBiases = hasConvolutionBiases
    }

    /// The published network, with 35.6 million parameters.
    package static let published = Configuration(
        dim: 48, blockCounts: [4, 6, 6, 8], refinementBlockCount: 4, heads: [1, 2, 4, 8],
        promptChannels: [64, 128, 320], promptSizes: [64, 32, 16], promptLength: 5)

    /// The compact network that ships, with 2.7 million parameters and a twentieth of the published one's
    /// work.
    package static let compact = Configuration(
        dim: 16, blockCounts: [1, 2, 2, 2], refinementBlockCount: 1, heads: [1, 2, 4, 8],
        promptChannels: [24, 48, 96], promptSizes: [64, 32, 16], promptLength: 5)
}
