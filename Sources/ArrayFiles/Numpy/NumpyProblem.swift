/// The problems that numpy's files may have, when read or written.
package enum NumpyProblem: Equatable, Sendable, CustomStringConvertible {
    case notNpy
    case unsupportedVersion(Int)
    case headerTooLarge(byteCount: Int)
    case truncated(expected: Int, found: Int)
    /// The header is not the dictionary that numpy writes.
    case damagedHeader(offset: Int, expected: String)
    case unsupportedType(String)
    case absurdShape
    /// The file has more bytes than the shape requires.
    case trailingBytes(expected: Int, found: Int)
    /// The requested array does not exist.
    case noArray(String)

    package var description: String {
        switch self {
        case .notNpy: "not an .npy file: expected \\x93NUMPY at the start"
        case .unsupportedVersion(let version): "format version \(version), known are 1 to 3"
        case .headerTooLarge(let byteCount):
            "the header claims \(byteCount) bytes, the limit is \(Limits.npyHeaderByteCount)"
        case .truncated(let expected, let found):
            "expected \(expected) bytes, found \(found); the file is truncated, copy it again"
        case .damagedHeader(let offset, let expected): "header byte \(offset): expected \(expected)"
        case .unsupportedType(let type):
            "type \(type), known are <f4, <f8 and |u1; save it with astype(numpy.float32)"
        case .absurdShape: "a shape that no array can have"
        case .trailingBytes(let expected, let found): "expected \(expected) bytes of data, found \(found)"
        case .noArray(let name): "there is no array \(name)"
        }
    }
}
