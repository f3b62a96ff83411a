import ArrayFiles
import Files
import PromptIR

/// Why there is no network to work with.
package enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// None of the default places holds a model.
    case notFound([Path])
    case unreadable(FileError)
    /// The file is no checkpoint that can be read.
    case damaged(ArrayFileError)
    /// The checkpoint's tensors make no network, or this processor cannot run it.
    case unusable(path: Path, NetworkError)
    /// Anything else that reading the weights met.
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
