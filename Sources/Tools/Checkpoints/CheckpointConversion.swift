import ArrayFiles
import Files
import PromptIR
import Restoration

/// Writes a checkpoint of any container as safetensors, or the mean of several checkpoints of one network.
package struct CheckpointConversion {
    private let input: Path
    private let others: [Path]
    private let type: SafetensorsWriter.StoredType

    package init(input: Path, averagedWith others: [Path], type: SafetensorsWriter.StoredType) {
        self.input = input
        self.others = others
        self.type = type
    }

    /// Writes the file.
    ///
    /// - Returns: decisions made while reading, for people.
    /// - Throws: if a checkpoint cannot be read, is not a PromptIR network or not the same one, or if a value does not
    ///   fit the type.
    package func write(to output: Path) throws -> [String] {
        let checkpoint = try Checkpoint(path: input)
        let averaged = try others.map { try Checkpoint(path: $0) }
        let shapes = checkpoint.tensorShapes
        do throws(NetworkError) {
            _ = try Configuration(tensorShapes: shapes)
        } catch {
            throw ModelError.unusable(path: input, error)
        }
        for (path, other) in zip(others, averaged) {
            if let name = shapes.keys.sorted().first(where: { other.tensorShapes[$0] != shapes[$0] }) {
                throw AverageError(
                    path: path, tensor: name, expected: shapes[name], found: other.tensorShapes[name])
            }
        }
        // Metadata of one checkpoint (its epoch, its PSNR) do not apply to the mean.
        var metadata = checkpoint.metadata.filter { pair in
            averaged.allSatisfy { $0.metadata[pair.key] == pair.value }
        }
        // Some readers require the origin of names and layouts.
        metadata["format"] = "pt"
        try AtomicFile.write(output) { writer in
            try SafetensorsWriter.write(shapes: shapes, type: type, metadata: metadata, to: writer) { name in
                try values(of: name, in: [checkpoint] + averaged)
            }
        }
        return ([checkpoint] + averaged).flatMap(\.notes)
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
