/// Why a picture cannot be read or written. The caller adds the path.
package enum PictureError: Error, Equatable {
    /// The file is neither PNG nor JPEG; the first bytes in hexadecimal.
    case unknownFormat(found: String)
    /// The file is of a kind that must be converted first.
    case foreignFormat(ForeignFormat)
    /// The file ends too early; the rest may still be arriving.
    case truncated(String)
    /// The file is damaged; the codec's message.
    case damaged(String)
    /// A bound of `PictureLimits` is exceeded.
    case tooLarge(String)
    /// The system refused memory, which is not the picture's fault.
    case outOfMemory(String)
    /// The file is valid but of an unsupported kind.
    case unsupported(String)
    case cannotEncode(String)
}

extension PictureError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownFormat(let found): "neither PNG nor JPEG: it begins with \(found)"
        case .foreignFormat(let format):
            "neither PNG nor JPEG but \(format.rawValue): convert it first, for example with \(format.conversion)"
        case .truncated(let detail): "the picture is truncated: \(detail)"
        case .damaged(let detail): "the picture is damaged: \(detail)"
        case .tooLarge(let detail): "the picture is too large: \(detail)"
        case .outOfMemory(let detail): "memory is short: \(detail)"
        case .unsupported(let detail): "this kind of picture is not supported: \(detail)"
        case .cannotEncode(let detail): "the picture cannot be written: \(detail)"
        }
    }
}
