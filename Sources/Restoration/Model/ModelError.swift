import ArrayFiles
import Files
import PromptIR

/// Why a model cannot be used.
package enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// None of the default places has a model.
    case notFound([Path])
    case unreadable(FileError)
    /// The file is not a readable checkpoint.
    case damaged(ArrayFileError)
    /// The checkpoint's tensors do not form a network, or this processor cannot run it.
    case unusable(path: Path, NetworkError)
    /// Reading the weights failed for another reason.
    case failed(path: Path, reason: String)

    package var description: String {
        switch self {
        case .notFound(let places):
            "no model found; looked for "
                + places.map(\.description).joined(separator: ", ")
                + " (install the default weights or name a checkpoint with --model)"
        case .unreadable(let error):
            "model: \(error)"
        case .damaged(let error):
            "model \(error)"
        case .unusable(let path, let error):
            "model \(path): \(error)"
        case .failed(let path, let reason):
            "model \(path): \(reason)"
        }
    }
}
