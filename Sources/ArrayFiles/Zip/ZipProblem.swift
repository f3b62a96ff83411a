/// The problems of a zip file, as torch and numpy use it, and of entries to be written.
package enum ZipProblem: Equatable, Sendable, CustomStringConvertible {
    /// There is no end-of-directory record where one must be, as in a truncated archive.
    case noEndRecord
    /// A record has a wrong signature or points outside the file.
    case damagedRecord(String, offset: Int)
    /// The directory does not end where the end record begins, or has a wrong count.
    case inconsistentDirectory
    case severalDisks
    /// The name is empty, not UTF-8, absolute, or has a `..` in it.
    case badName(entry: Int)
    case duplicateName(String)
    case encrypted(String)
    case unsupportedCompression(String, method: Int)
    /// The header before the data contradicts the directory.
    case headerMismatch(String, field: String)
    case outOfRange(String)
    case overlap(String, String)
    /// The entry declares more bytes than deflate can make of its data.
    case absurdSize(String, byteCount: Int)
    case damagedStream(String)
    case wrongChecksum(String)
    /// The name of a new entry is longer than the 65535 bytes that a zip file can hold.
    case nameTooLong

    package var description: String {
        switch self {
        case .noEndRecord: "no end record; the file is truncated or is no zip file, copy it again"
        case .damagedRecord(let record, let offset): "\(record) at byte \(offset) is damaged"
        case .inconsistentDirectory: "the directory does not fit its end record"
        case .severalDisks: "the archive is spread over several files; join them first"
        case .badName(let entry):
            "entry \(entry) has a name that is empty, not UTF-8, absolute or leaves its folder"
        case .duplicateName(let name): "\(name) is there twice"
        case .encrypted(let name): "\(name) is encrypted; pack the archive without a password"
        case .unsupportedCompression(let name, let method):
            "\(name) is compressed by method \(method); pack it stored or deflated"
        case .headerMismatch(let name, let field):
            "\(name): its header and the directory disagree about the \(field)"
        case .outOfRange(let name): "\(name) reaches beyond the place for data; copy the file again"
        case .overlap(let name, let other): "\(name) and \(other) overlap"
        case .absurdSize(let name, let byteCount):
            "\(name) claims \(byteCount) bytes, more than its data can hold"
        case .damagedStream(let name): "\(name) cannot be inflated; copy the file again"
        case .wrongChecksum(let name): "\(name) has the wrong checksum; copy the file again"
        case .nameTooLong: "an entry's name is longer than 65535 bytes"
        }
    }
}
