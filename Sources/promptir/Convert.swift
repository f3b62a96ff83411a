import ArgumentParser
import ArrayFiles
import PromptIR
import Restoration

extension SafetensorsWriter.StoredType: ExpressibleByArgument {}

/// `promptir convert IN OUT.safetensors [--type f32|f16|bf16]`
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert a checkpoint of any container to safetensors.",
        discussion: """
            Names lose their training prefixes. Half types take half the space; their rounding is far below what \
            shows in a restored picture. The tensors must make a PromptIR network.
            """)

    @Argument(help: "A checkpoint: PyTorch, Lightning or safetensors.")
    var input: Path

    @Argument(help: "The safetensors file to write.")
    var output: Path

    @Option(help: ArgumentHelp("Type of the stored numbers: f32, f16 or bf16.", valueName: "type"))
    var type = SafetensorsWriter.StoredType.f32

    func run() throws {
        try reportingErrors {
            let checkpoint = try Checkpoint(path: input.text ?? input.description)
            let shapes = checkpoint.tensorShapes
            do throws(NetworkError) {
                _ = try Configuration(tensorShapes: shapes)
            } catch {
                throw ModelError.unusable(path: input, error)
            }
            try AtomicFile.write(output) { writer in
                try SafetensorsWriter.write(shapes: shapes, type: type, to: writer) { name in
                    try checkpoint.floats(named: name)
                }
            }
            for note in checkpoint.notes {
                complain("note: \(note)")
            }
        }
    }
}
