import Images

/// Why one picture was not restored, and at which stage.
package enum RestorationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file is no picture that can be read.
    case decode(PictureError)
    /// The network gave no usable result.
    case restore(String)
    /// The result cannot be written in the format asked for.
    case encode(PictureError)

    /// The stage's name for records: `decode`, `restore` or `encode`.
    package var stage: String {
        switch self {
        case .decode: "decode"
        case .restore: "restore"
        case .encode: "encode"
        }
    }

    /// What is wrong, without the stage.
    package var reason: String {
        switch self {
        case .decode(let error), .encode(let error): String(describing: error)
        case .restore(let reason): reason
        }
    }

    /// True where the file only ends too early: its writer may not be done yet.
    package var isTruncatedInput: Bool {
        if case .decode(.truncated) = self { true } else { false }
    }

    package var description: String { "\(stage): \(reason)" }
}
