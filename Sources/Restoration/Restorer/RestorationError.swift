import Images

/// Why a picture was not restored, and at which stage.
package enum RestorationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file could not be read.
    case read(ReadFailure)
    /// The picture needs more memory than the whole budget, even in tiles.
    case tooLarge(needed: Int, budget: Int)
    /// The system refused memory; another attempt may succeed.
    case outOfMemory(String)
    /// The file is not a readable picture.
    case decode(PictureError)
    /// The network could not work on this picture.
    case restore(String)
    /// The network's result holds NaN or infinity, as that of bad weights does for any picture.
    case notFinite
    /// The result cannot be written in the requested format.
    case encode(PictureError)

    /// The code for records: `too-large`, or the stage that failed.
    package var code: String {
        switch self {
        case .tooLarge, .decode(.tooLarge): "too-large"
        default: stage
        }
    }

    /// The stage that failed.
    package var stage: String {
        switch self {
        case .read: "read"
        case .decode: "decode"
        case .restore, .notFinite, .tooLarge, .outOfMemory: "restore"
        case .encode: "encode"
        }
    }

    /// The problem, without the stage.
    package var reason: String {
        switch self {
        case .read(let failure): failure.description
        case .tooLarge(let needed, let budget):
            "the picture is too large: it takes \(needed >> 20) MB of memory, more than the budget of \(budget >> 20) MB "
                + "(memory-limit): give the process more memory (MemoryMax= in its unit), or lower max-pixels"
        case .decode(let error), .encode(let error): String(describing: error)
        case .restore(let reason), .outOfMemory(let reason): reason
        case .notFinite: "the network's result is not finite: are these weights whole, and trained?"
        }
    }

    package var description: String { "\(stage): \(reason)" }

    /// Whether the system, not the picture, is at fault.
    package var isShortage: Bool { if case .outOfMemory = self { true } else { false } }

    /// A codec's failure at a stage.
    static func codec(_ error: PictureError, at stage: (PictureError) -> RestorationError) -> RestorationError
    {
        if case .outOfMemory = error { .outOfMemory(String(describing: error)) } else { stage(error) }
    }
}
