/// Name and shape of every tensor that a configuration has: the contract of its checkpoints.
package struct ParameterTable: Sendable {
    package struct Parameter: Sendable, Equatable {
        package let name: String
        package let shape: [Int]
        /// Biases of convolutions may be absent.
        package let isOptional: Bool
    }

    package let parameters: [Parameter]

    package init(configuration: Configuration) {
        var table = Builder(hasBiasFreeNorms: configuration.hasBiasFreeNorms)
        let dim = configuration.dim
        table.convolution("patch_embed.proj", from: 3, to: dim, kernel: 3)
        for stage in configuration.stages {
            let isIndexed = !stage.name.hasPrefix("noise_level")
            for index in 0..<stage.blockCount {
                table.block(isIndexed ? "\(stage.name).\(index)" : stage.name, stage)
            }
        }
        for (index, prompt) in configuration.prompts.enumerated() {
            table.prompt("prompt\(index + 1)", prompt)
        }
        for (level, name) in ["down1_2", "down2_3", "down3_4"].enumerated() {
            let channels = dim << level
            table.convolution("\(name).body.0", from: channels, to: channels / 2, kernel: 3)
        }
        for (name, channels) in [("up4_3", 4 * dim), ("up3_2", 4 * dim), ("up2_1", 2 * dim)] {
            table.convolution("\(name).body.0", from: channels, to: 2 * channels, kernel: 3)
        }
        table.convolution("reduce_chan_level3", from: 6 * dim, to: 4 * dim, kernel: 1)
        table.convolution("reduce_chan_level2", from: 4 * dim, to: 2 * dim, kernel: 1)
        let noise = configuration.noise
        table.convolution("reduce_noise_level3", from: noise[2].channels, to: 4 * dim, kernel: 1)
        table.convolution("reduce_noise_level2", from: noise[1].channels, to: 4 * dim, kernel: 1)
        table.convolution("reduce_noise_level1", from: noise[0].channels, to: 2 * dim, kernel: 1)
        table.convolution("output", from: 2 * dim, to: 3, kernel: 3)
        parameters = table.parameters
    }

    /// Compares a checkpoint's tensors with the table.
    /// - Throws: the first difference in the table's order, then superfluous tensors by name.
    package func check(_ shapes: [String: [Int]]) throws(NetworkError) {
        for parameter in parameters {
            guard let found = shapes[parameter.name] else {
                if parameter.isOptional { continue }
                throw .missingTensor(name: parameter.name, expected: "shape \(parameter.shape)")
            }
            guard found == parameter.shape else {
                throw .misshapedTensor(
                    name: parameter.name, expected: "shape \(parameter.shape)", found: found)
            }
        }
        let known = Set(parameters.map(\.name)).union(Configuration.knownUnusedTensors)
        if let name = shapes.keys.filter({ !known.contains($0) }).min() {
            throw .superfluousTensor(name: name, found: shapes[name] ?? [])
        }
    }
}

private struct Builder {
    let hasBiasFreeNorms: Bool
    var parameters: [ParameterTable.Parameter] = []

    init(hasBiasFreeNorms: Bool) {
        self.hasBiasFreeNorms = hasBiasFreeNorms
    }

    mutating func add(_ name: String, _ shape: [Int], isOptional: Bool = false) {
        parameters.append(.init(name: name, shape: shape, isOptional: isOptional))
    }

    mutating func convolution(_ name: String, from: Int, to: Int, kernel: Int) {
        add("\(name).weight", [to, from, kernel, kernel])
        add("\(name).bias", [to], isOptional: true)
    }

    mutating func norm(_ name: String, _ channels: Int) {
        add("\(name).body.weight", [channels])
        if !hasBiasFreeNorms { add("\(name).body.bias", [channels]) }
    }

    mutating func depthwise(_ name: String, _ channels: Int) {
        add("\(name).weight", [channels, 1, 3, 3])
        add("\(name).bias", [channels], isOptional: true)
    }

    mutating func block(_ name: String, _ stage: Configuration.Stage) {
        let channels = stage.channels
        let hidden = stage.hiddenChannels
        norm("\(name).norm1", channels)
        add("\(name).attn.temperature", [stage.heads, 1, 1])
        convolution("\(name).attn.qkv", from: channels, to: 3 * channels, kernel: 1)
        depthwise("\(name).attn.qkv_dwconv", 3 * channels)
        convolution("\(name).attn.project_out", from: channels, to: channels, kernel: 1)
        norm("\(name).norm2", channels)
        convolution("\(name).ffn.project_in", from: channels, to: 2 * hidden, kernel: 1)
        depthwise("\(name).ffn.dwconv", 2 * hidden)
        convolution("\(name).ffn.project_out", from: hidden, to: channels, kernel: 1)
    }

    mutating func prompt(_ name: String, _ prompt: Configuration.Prompt) {
        add("\(name).prompt_param", [1, prompt.length, prompt.channels, prompt.height, prompt.width])
        add("\(name).linear_layer.weight", [prompt.length, prompt.featureChannels])
        add("\(name).linear_layer.bias", [prompt.length])
        convolution("\(name).conv3x3", from: prompt.channels, to: prompt.channels, kernel: 3)
    }
}
