/// The name and shape of every tensor of a configuration, which its checkpoints must match.
package struct ParameterTable: Sendable {
    package struct Parameter: Sendable, Equatable {
        package let name: String
        package let shape: [Int]
        /// Whether the tensor may be absent, as biases of convolutions may.
        package let isOptional: Bool
    }

    package let parameters: [Parameter]

    package init(configuration: Configuration) {
        var table = Builder(hasBiasFreeNorms: configuration.hasBiasFreeNorms)
        for module in Topology(configuration).inCheckpointOrder { table.add(module) }
        parameters = table.parameters
    }

    /// Compares a checkpoint's tensors with the table.
    /// - Throws: an error for the first difference in the table's order, or else for the first superfluous
    ///   tensor by name.
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

    mutating func add(_ module: Topology.Module) {
        let name = module.convolution
        switch module.kind {
        case .embed(let channels): convolution(name, from: 3, to: channels, kernel: 3)
        case .stage(let stage): for block in stage.blockNames { self.block(block, stage) }
        case .down(let channels): convolution(name, from: channels, to: channels / 2, kernel: 3)
        case .up(let channels): convolution(name, from: channels, to: 2 * channels, kernel: 3)
        case .prompt(let prompt): self.prompt(module, prompt)
        case .reduce(_, let channels, let reduced):
            convolution(name, from: channels, to: reduced, kernel: 1)
        case .output(let channels): convolution(name, from: channels, to: 3, kernel: 3)
        case .keep, .join: break
        }
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

    mutating func prompt(_ module: Topology.Module, _ prompt: Configuration.Prompt) {
        let name = module.name
        add("\(name).prompt_param", [1, prompt.length, prompt.channels, prompt.height, prompt.width])
        add("\(name).linear_layer.weight", [prompt.length, prompt.featureChannels])
        add("\(name).linear_layer.bias", [prompt.length])
        convolution(module.convolution, from: prompt.channels, to: prompt.channels, kernel: 3)
    }
}
