/// The problems that a safetensors file may have, with a case for every rule of the format.
package enum SafetensorsProblem: Equatable, Sendable, CustomStringConvertible {
    /// The file has fewer than the eight bytes of the header's length.
    case truncated(byteCount: Int)
    /// The declared header is longer than the format allows.
    case headerTooLarge(byteCount: UInt64)
    /// The declared header is longer than the file.
    case headerBeyondFile(byteCount: Int, available: Int)
    /// The header is not the JSON that the format requires.
    case damagedHeader(offset: Int, expected: String)
    case duplicateName(String)
    case tooManyTensors
    case unknownElementType(tensor: String, type: String)
    /// The extents are negative or overflow, or there are more dimensions than `Limits.rank`.
    case absurdShape(tensor: String)
    /// The offsets span another number of bytes than shape and type require.
    case sizeMismatch(tensor: String, expected: Int, found: Int)
    case offsetsReversed(tensor: String)
    case outOfRange(tensor: String, end: Int, available: Int)
    case overlap(tensor: String, other: String)
    /// Some bytes belong to no tensor. The format forbids them, because they can hide other files.
    case hole(offset: Int, byteCount: Int)

    package var description: String {
        switch self {
        case .truncated(let byteCount):
            "expected at least 8 bytes, found \(byteCount); copy the file again"
        case .headerTooLarge(let byteCount):
            "the header claims \(byteCount) bytes, the format allows \(Limits.safetensorsHeaderByteCount)"
        case .headerBeyondFile(let byteCount, let available):
            "the header claims \(byteCount) bytes, the file has \(available) after its length; copy the file again"
        case .damagedHeader(let offset, let expected):
            "header byte \(offset): expected \(expected)"
        case .duplicateName(let name):
            "\(name) is there twice"
        case .tooManyTensors:
            "more than \(Limits.tensorCount) tensors"
        case .unknownElementType(let tensor, let type):
            "\(tensor) has the unknown type \(type); convert it to F32, F16 or BF16"
        case .absurdShape(let tensor):
            "\(tensor) has a shape that no tensor can have"
        case .sizeMismatch(let tensor, let expected, let found):
            "\(tensor): shape and type ask for \(expected) bytes, the offsets span \(found)"
        case .offsetsReversed(let tensor):
            "\(tensor) ends before it begins"
        case .outOfRange(let tensor, let end, let available):
            "\(tensor) ends at byte \(end) of \(available); the file is truncated or damaged, copy it again"
        case .overlap(let tensor, let other):
            "\(tensor) and \(other) overlap"
        case .hole(let offset, let byteCount):
            "\(byteCount) bytes at \(offset) belong to no tensor"
        }
    }
}
