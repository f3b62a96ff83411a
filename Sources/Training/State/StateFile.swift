import ArrayFiles
import Files
import FoundationEssentials
import PromptIR
import Restoration
import Tensors

/// A run's complete state in one safetensors file: the weights under their own names, the optimizer's moments and the
/// moving average as flat runs in the order of `ParameterStore`, and the position as JSON under `training` in the
/// file's metadata.
package enum StateFile {
    package static let version = "1"

    private static let versionKey = "promptir-training-state"
    private static let progressKey = "training"
    private static let firstMoment = "state/first_moment"
    private static let secondMoment = "state/second_moment"
    private static let average = "state/average"

    /// Writes the state atomically and durably. After a power loss, the file holds either this state or the
    /// previous one.
    package static func write(_ state: TrainingState, to path: Path) throws {
        let count = state.parameters.count
        var runs = [
            firstMoment: state.optimizer.firstMoment, secondMoment: state.optimizer.secondMoment,
        ]
        runs[average] = state.average
        var shapes = state.parameters.tensorShapes
        for name in runs.keys { shapes[name] = [count] }
        for tensor in state.carried { shapes[tensor.name] = tensor.shape }
        let carried = Dictionary(uniqueKeysWithValues: state.carried.map { ($0.name, $0.values) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .promptir
        let progress = String(decoding: try encoder.encode(state.progress), as: UTF8.self)
        try AtomicFile.write(path) { writer in
            try SafetensorsWriter.write(
                shapes: shapes, type: .f32, metadata: [versionKey: version, progressKey: progress], to: writer
            ) { name in
                if let run = runs[name] { return run.floats(in: 0..<count) }
                return try carried[name] ?? state.parameters.floats(named: name)
            }
        }
    }

    /// Reads a state.
    /// - Throws: `StateFileError`, `ArrayFileError`, `NetworkError`, `OutOfMemory`.
    package static func read(_ path: Path) throws -> TrainingState {
        let file = try Checkpoint(path: path)
        guard let found = file.metadata[versionKey], let json = file.metadata[progressKey] else {
            throw StateFileError(
                path: path, expected: "a state that promptir train wrote", found: "another file")
        }
        guard found == version else {
            throw StateFileError(path: path, expected: "version \(version)", found: "version \(found)")
        }
        let progress = try progress(json, path)
        var weights = StateWeights(file: file)
        weights.shapes = file.tensorShapes.filter { !$0.key.hasPrefix("state/") }
        let state = try TrainingState(
            parameters: try ParameterStore(loading: weights), carried: try CarriedTensor.all(in: weights),
            progress: progress)
        try fill(state.optimizer.firstMoment, firstMoment, file, path)
        try fill(state.optimizer.secondMoment, secondMoment, file, path)
        if let run = state.average { try fill(run, average, file, path) }
        return state
    }

    private static func progress(_ json: String, _ path: Path) throws -> TrainingProgress {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .promptir
        do {
            return try decoder.decode(TrainingProgress.self, from: Data(json.utf8))
        } catch {
            throw StateFileError(path: path, expected: "a position", found: "\(error)")
        }
    }

    private static func fill(_ run: AlignedBuffer, _ name: String, _ file: Checkpoint, _ path: Path) throws {
        let values = try file.floats(named: name)
        guard values.count == run.count else {
            throw StateFileError(
                path: path, expected: "\(run.count) values of \(name)", found: "\(values.count)")
        }
        run.fill(0..<run.count, with: values)
    }
}

/// The network's tensors in a state.
private struct StateWeights: WeightSource {
    let file: Checkpoint
    var shapes: [String: [Int]] = [:]

    var tensorShapes: [String: [Int]] { shapes }

    func floats(named name: String) throws -> [Float] { try file.floats(named: name) }
}

extension JSONEncoder.NonConformingFloatEncodingStrategy {
    /// The PSNR of equal pictures is infinite.
    fileprivate static let promptir = convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
}

extension JSONDecoder.NonConformingFloatDecodingStrategy {
    fileprivate static let promptir = convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
}

/// Why a run cannot resume from a file.
package struct StateFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package let path: Path
    package let expected: String
    package let found: String

    package var description: String {
        "resume from \(path): expected \(expected), found \(found); give the folder of an interrupted run to --output"
    }
}
