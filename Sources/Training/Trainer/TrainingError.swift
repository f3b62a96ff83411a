import Files
import Kernels
import Restoration

/// Why training cannot start or continue.
package enum TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The folder already contains a run.
    case used(Path, found: Path)
    /// Another process trains in the folder.
    case inUse(Path)
    /// There is no run to resume.
    case nothingToResume(Path)
    /// The run has other settings.
    case otherSettings(Path, differences: [String])
    case otherData(Path, expected: Int, found: Int)
    case otherNames(Path)
    case notANumber(update: Int, what: String, Double)
    /// The processor lacks the instructions that a precision needs.
    case missingInstructions(TrainingPrecision, [String])
    case tooMuchMemory(needed: Int, limit: Int)

    /// - Throws: `missingInstructions` if this processor cannot train in a precision.
    package static func check(_ precision: TrainingPrecision) throws {
        let missing = Processor.missingFeatures(for: precision)
        if !missing.isEmpty { throw missingInstructions(precision, missing) }
    }

    package var description: String {
        switch self {
        case .used(let folder, let found):
            "output \(folder): it holds a run already (\(found)); continue it with --resume, or give another folder"
        case .inUse(let folder):
            "output \(folder): another process trains there now; wait for its end, or give another folder"
        case .nothingToResume(let folder):
            "resume: \(folder) holds no run; start one without --resume"
        case .otherSettings(let folder, let differences):
            "resume: the run in \(folder) has other settings: \(differences.joined(separator: "; ")); "
                + "leave these flags out, or start a new run in another folder"
        case .otherData(let folder, let expected, let found):
            "resume: the run in \(folder) was made with \(expected) training pairs, found \(found); "
                + "give the same data set, or start a new run in another folder"
        case .otherNames(let folder):
            "resume: the run in \(folder) was made with training pairs of other names; "
                + "give the same data set, or start a new run in another folder"
        case .notANumber(let update, let what, let value):
            "update \(update): \(what) is \(value), so training cannot continue; the run before it is saved: start again "
                + "from its last.safetensors (--initial) with a smaller --lr, with --warmup or with --clip-norm"
        case .missingInstructions(let precision, let names):
            "precision \(precision.rawValue): this processor lacks \(names.joined(separator: ", ")); choose float32, or a "
                + "processor that has it (Intel Xeon of 2023 or AMD Zen 4 and later)"
        case .tooMuchMemory(let needed, let limit):
            "training needs \(needed >> 20) MiB, even where activations are computed again; \(limit >> 20) MiB are "
                + "available: choose smaller patches (--patch), a smaller --batch or a smaller network"
        }
    }
}
