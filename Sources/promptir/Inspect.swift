import ArgumentParser
import ArrayFiles
import Files
import PromptIR
import Restoration

/// `promptir inspect M [--json]`
struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a checkpoint holds: configuration, parameters, types, unused tensors, container."
    )

    @Argument(help: "A checkpoint. Default: the weights that ship with the program.")
    var model: Path?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try reportingErrors {
            let path = try ModelLocator.locate(model)
            let checkpoint = try Checkpoint(path: path)
            do {
                let configuration = try Configuration(tensorShapes: checkpoint.tensorShapes)
                try checkpoint.checkFinite()
                let report = ModelReport(checkpoint, configuration: configuration)
                try json ? printJSON(report) : report.print()
            } catch let error as NetworkError {
                throw ModelError.unusable(path: path, error)
            }
        }
    }
}

/// What `inspect` prints about a model's file.
private struct ModelReport: Encodable {
    struct Stage: Encodable {
        let name: String
        let channels: Int
        let heads: Int
        let hiddenChannels: Int
        let blocks: Int
    }

    struct Prompt: Encodable {
        let channels: Int
        let height: Int
        let width: Int
        let length: Int
    }

    let path: String
    let container: String
    let tensors: Int
    let parameters: Int
    /// The number of tensors by their stored type.
    let types: [String: Int]
    let dim: Int
    let stages: [Stage]
    /// The prompts of levels 1 to 3.
    let prompts: [Prompt]
    let biasFreeNorms: Bool
    let convolutionBiases: Bool
    let unusedTensors: [String]
    let unusedParameters: Int
    let notes: [String]
    let metadata: [String: String]

    init(_ checkpoint: Checkpoint, configuration: Configuration) {
        let shapes = checkpoint.tensorShapes
        path = checkpoint.path.displayText
        container = checkpoint.container.rawValue
        tensors = checkpoint.tensors.count
        parameters = checkpoint.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
        types = Dictionary(grouping: checkpoint.tensors, by: \.elementType.rawValue).mapValues(\.count)
        dim = configuration.dim
        stages = configuration.stages.map {
            Stage(
                name: $0.name, channels: $0.channels, heads: $0.heads, hiddenChannels: $0.hiddenChannels,
                blocks: $0.blockCount)
        }
        prompts = configuration.prompts.map {
            Prompt(channels: $0.channels, height: $0.height, width: $0.width, length: $0.length)
        }
        biasFreeNorms = configuration.hasBiasFreeNorms
        convolutionBiases = configuration.hasConvolutionBiases
        unusedTensors = Configuration.unusedTensors(in: shapes)
        unusedParameters = unusedTensors.reduce(0) { $0 + (shapes[$1] ?? []).reduce(1, *) }
        notes = checkpoint.notes
        metadata = checkpoint.metadata
    }

    func print() {
        func line(_ label: String, _ text: String) {
            Swift.print(label + String(repeating: " ", count: max(1, 12 - label.count)) + oneLine(text))
        }
        line("file", path)
        line("container", container)
        let typeList = types.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(
            separator: ", ")
        line("tensors", "\(tensors) (\(typeList))")
        line("parameters", "\(parameters)")
        line("dim", "\(dim)")
        line("norms", biasFreeNorms ? "without bias" : "with bias")
        line("biases", convolutionBiases ? "convolutions have some" : "convolutions have none")
        line("stages", "blocks × channels, heads, hidden channels")
        for stage in stages {
            line(
                "",
                "\(stage.name): \(stage.blocks) × \(stage.channels), \(stage.heads), \(stage.hiddenChannels)")
        }
        line("prompts", "components × channels × height × width")
        for (index, prompt) in prompts.enumerated() {
            line(
                "",
                "level \(index + 1): \(prompt.length) × \(prompt.channels) × \(prompt.height) × \(prompt.width)"
            )
        }
        if unusedTensors.isEmpty {
            line("unused", "none")
        } else {
            line("unused", "\(unusedParameters) parameters in \(unusedTensors.joined(separator: ", "))")
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line("metadata", "\(key) = \(value)")
        }
        for note in notes {
            line("note", note)
        }
    }
}
