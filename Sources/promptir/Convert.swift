import ArgumentParser
import ArrayFiles
import Files
import PromptIR
import Restoration

extension SafetensorsWriter.StoredType: ExpressibleByArgument {}

/// `promptir convert IN OUT.safetensors [--average OTHER]... [--type f32|f16|bf16]`
struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Convert a checkpoint of any container to safetensors.",
        discussion: """
            Training prefixes are removed from the names. The half types take half the space, and their rounding is not \
            visible in a restored picture. The tensors must form a PromptIR network.

            --average writes the mean of the checkpoints. The mean of a network and its fine-tuned version is often \
            better than either on pictures of other kinds (Wortsman et al. 2022).
            """)

    @Argument(help: "A checkpoint: PyTorch, Lightning or safetensors.")
    var input: Path

    @Argument(help: "The safetensors file to write.")
    var output: Path

    @Option(
        help: ArgumentHelp(
            "Another checkpoint of the same network to average with; the flag may be repeated.",
            valueName: "other"))
    var average: [Path] = []

    @Option(help: ArgumentHelp("Type of the stored numbers: f32, f16 or bf16.", valueName: "type"))
    var type = SafetensorsWriter.StoredType.f32

    func run() throws {
        try reportingErrors {
            let checkpoint = try Checkpoint(path: input)
            let others = try average.map { try Checkpoint(path: $0) }
            let shapes = checkpoint.tensorShapes
            do throws(NetworkError) {
                _ = try Configuration(tensorShapes: shapes)
            } catch {
                throw ModelError.unusable(path: input, error)
            }
            for (path, other) in zip(average, others) {
                if let name = shapes.keys.sorted().first(where: { other.tensorShapes[$0] != shapes[$0] }) {
                    throw AverageError(
                        path: path, tensor: name, expected: shapes[name], found: other.tensorShapes[name])
                }
            }
            // Metadata of one checkpoint (its epoch, its PSNR) do not apply to the mean.
            var metadata = checkpoint.metadata.filter { pair in
                others.allSatisfy { $0.metadata[pair.key] == pair.value }
            }
            // Some readers require the origin of names and layouts.
            metadata["format"] = "pt"
            try AtomicFile.write(output) { writer in
                try SafetensorsWriter.write(shapes: shapes, type: type, metadata: metadata, to: writer) {
                    name in
                    try values(of: name, in: [checkpoint] + others)
                }
            }
            for note in ([checkpoint] + others).flatMap(\.notes) {
                complain("note: \(note)")
            }
        }
    }

    /// Returns a tensor's values, or their mean. Throws if a value becomes infinite in the stored type.
    private func values(of name: String, in checkpoints: [Checkpoint]) throws -> [Float] {
        var values = try checkpoints[0].floats(named: name)
        if checkpoints.count > 1 {
            var sums = values.map(Double.init)
            for other in checkpoints.dropFirst() {
                for (index, value) in try other.floats(named: name).enumerated() {
                    sums[index] += Double(value)
                }
            }
            values = sums.map { Float($0 / Double(checkpoints.count)) }
        }
        // From here on float16 rounds to infinity. (bfloat16 has float32's range.)
        let bound: Float = 65_520
        if type == .f16, let value = values.first(where: { $0.isFinite && $0.magnitude >= bound }) {
            throw RangeError(path: input, tensor: name, value: value)
        }
        return values
    }
}

/// The checkpoint is of another network.
private struct AverageError: Error, CustomStringConvertible {
    let path: Path
    let tensor: String
    let expected: [Int]?
    let found: [Int]?

    var description: String {
        func text(_ shape: [Int]?) -> String {
            shape.map { "(" + $0.map(String.init).joined(separator: ", ") + ")" } ?? "nothing"
        }
        return "average \(path): expected \(tensor) of shape \(text(expected)), found \(text(found)); "
            + "give a checkpoint of the same network"
    }
}

/// A value does not fit the requested type.
private struct RangeError: Error, CustomStringConvertible {
    let path: Path
    let tensor: String
    let value: Float

    var description: String {
        "convert \(path): \(tensor) holds \(value), expected at most 65504 for f16; convert to bf16 or f32"
    }
}
