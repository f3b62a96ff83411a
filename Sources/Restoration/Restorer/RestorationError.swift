import Images

/// Why a picture was not restored, and at which stage.
package enum RestorationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file is not a readable picture.
    case decode(PictureError)
    /// The network could not work on this picture.
    case restore(String)
    /// The network's result holds NaN or infinity, as that of bad weights does for any picture.
    case notFinite
    /// The result cannot be written in the requested format.
    case encode(PictureError)

    /// The stage's name for records: `decode`, `restore` or `encode`.
    package var stage: String {
        switch self {
        case .decode: "decode"
        case .restore, .notFinite: "restore"
        case .encode: "encode"
        }
    }

    /// The problem, without the stage.
    package var reason: String {
        switch self {
        case .decode(let error), .encode(let error): String(describing: error)
        case .restore(let reason): reason
        case .notFinite: "the network's result is not finite: are these weights whole, and trained?"
        }
    }

    /// Whether the file only ends too early, so that its writer may not have finished.
    package var isTruncatedInput: Bool {
        if case .decode(.truncated) = self { true } else { false }
    }

    package var description: String { "\(stage): \(reason)" }
}
