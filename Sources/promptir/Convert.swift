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
                try SafetensorsWriter.write(
                    shapes: shapes, type: type, metadata: checkpoint.metadata, to: writer
                ) { name in
                    try values(of: name, in: checkpoint)
                }
            }
            for note in checkpoint.notes {
                complain("note: \(note)")
            }
        }
    }

    /// A tensor's values; throws where the stored type would make an infinity of one of them.
    private func values(of name: String, in checkpoint: Checkpoint) throws -> [Float] {
        let values = try checkpoint.floats(named: name)
        // From here on float16 rounds to infinity. (bfloat16 has float32's range.)
        let bound: Float = 65_520
        if type == .f16, let value = values.first(where: { $0.isFinite && $0.magnitude >= bound }) {
            throw RangeError(path: input, tensor: name, value: value)
        }
        return values
    }
}

/// A value that the type asked for cannot hold.
private struct RangeError: Error, CustomStringConvertible {
    let path: Path
    let tensor: String
    let value: Float

    var description: String {
        "convert \(path): \(tensor) holds \(value), expected at most 65504 for f16; convert to bf16 or f32"
    }
}
