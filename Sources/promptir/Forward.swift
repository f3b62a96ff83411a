import ArgumentParser
import ArrayFiles
import Files
import ProcessLimits
import PromptIR
import Restoration
import Tensors

/// `promptir forward --model M --input x.npy --output y.npy`
struct Forward: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the bare network on a NumPy array, to compare with another implementation.",
        discussion: """
            The input is float32 (N, 3, H, W) or (3, H, W), nominally in [0, 1]. The output has the same shape and type: it \
            is the network's result plus the input, neither clamped nor rounded. Float64 is rounded to float32.
            """)

    @Option(help: "A PromptIR checkpoint. Default: the weights that ship with the program.")
    var model: Path?

    @Option(help: "The npy file with the input.")
    var input: Path

    @Option(help: "The npy file to write.")
    var output: Path

    @Option(
        help: ArgumentHelp("Cores to use. Default: all that are available to the process.", valueName: "N"))
    var threads: Int?

    @OptionGroup var precision: PrecisionFlag

    func validate() throws {
        guard (1...1024).contains(threads ?? 1) else {
            throw ValidationError("--threads \(threads ?? 0): expected 1 to 1024")
        }
    }

    func run() throws {
        try reportingErrors {
            if let target = try WholeFiles.status(output),
                try WholeFiles.status(input)?.identity == target.identity
            {
                throw ValidationError("--output \(output): this is the input; choose another file")
            }
            let array = try NpyArray(path: input)
            let (height, width) = try size(of: array)
            let model = try loadModel(model, precision: precision.precision)
            let session = ForwardSession(
                network: model.network, threadCount: threads ?? CoreCount.available())
            let floats = array.floats
            let count = 3 * height * width
            var values: [Float] = []
            values.reserveCapacity(floats.count)
            for start in stride(from: 0, to: floats.count, by: count) {
                let image = ImageTensor(
                    height: height, width: width, values: Array(floats[start..<start + count]))
                values += try session.forward(image).values
            }
            let result = NpyArray(shape: array.shape, values: .float32(values))
            try AtomicFile.write(output) { try result.write(to: $0) }
        }
    }

    /// Returns height and width of the array's (3, H, W) images.
    private func size(of array: NpyArray) throws(ForwardInputError) -> (height: Int, width: Int) {
        let shape = array.shape
        let isBytes = if case .uint8 = array.values { true } else { false }
        guard shape.count == 4 || shape.count == 3, shape[shape.count - 3] == 3, !isBytes,
            shape.allSatisfy({ $0 > 0 })
        else {
            throw ForwardInputError(path: input, found: "\(isBytes ? "uint8" : "float") \(shape)")
        }
        return (shape[shape.count - 2], shape[shape.count - 1])
    }
}

/// The array has a type or shape that the network does not accept.
private struct ForwardInputError: Error, CustomStringConvertible {
    let path: Path
    let found: String

    var description: String {
        "input \(path): expected float32 (N, 3, H, W) or (3, H, W) without empty dimensions, found \(found)"
    }
}
