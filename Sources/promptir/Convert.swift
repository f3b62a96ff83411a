import ArgumentParser
import ArrayFiles
import Files
import Tools

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

    func validate() throws {
        guard output.lowercasedExtension == "safetensors" else {
            throw ValidationError(
                "\(output): expected a name that ends in .safetensors, which is what is written")
        }
    }

    func run() throws {
        try reportingErrors {
            let notes = try CheckpointConversion(input: input, averagedWith: average, type: type).write(
                to: output)
            for note in notes { complain("note: \(note)") }
        }
    }
}
