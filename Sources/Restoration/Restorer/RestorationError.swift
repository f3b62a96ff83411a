import Images

/// Why a picture was not restored, and at which stage.
package enum RestorationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file is not a readable picture.
    case decode(PictureError)
    /// The network gave no usable result.
    case restore(String)
    /// The result cannot be written in the requested format.
    case encode(PictureError)

    /// The stage's name for records: `decode`, `restore` or `encode`.
    package var stage: String {
        switch self {
        case .decode: "decode"
        case .restore: "restore"
        case .encode: "encode"
        }
    }

    /// The problem, without the stage.
    package var reason: String {
        switch self {
        case .decode(let error), .encode(let error): String(describing: error)
        case .restore(let reason): reason
        }
    }

    /// Whether the file only ends too early, so that its writer may not have finished.
    package var isTruncatedInput: Bool {
        if case .decode(.truncated) = self { true } else { false }
    }

    package var description: String { "\(stage): \(reason)" }
}
