/// The problems of a PyTorch checkpoint besides those of its container and its pickle.
package enum TorchProblem: Equatable, Sendable, CustomStringConvertible {
    /// The zip file has no data.pkl, or several.
    case noPickle(count: Int)
    case bigEndian
    case unknownByteOrder(String)
    /// A record is compressed. PyTorch stores its records uncompressed, and compressed ones could not be
    /// mapped.
    case compressedRecord(String)
    /// The first pickles of the legacy format are wrong.
    case damagedLegacyHeader(expected: String)
    case missingStorage(key: String)
    /// A storage has fewer bytes than the pickle says.
    case storageTooShort(key: String, expected: Int, found: Int)
    /// Two pickled descriptions of one storage contradict each other.
    case contradictoryStorage(key: String)
    case absurdShape(tensor: String)
    /// The tensor extends beyond its storage.
    case outOfRange(tensor: String)
    /// Views describe more elements than any honest file of this size does.
    case tooManyElements(tensor: String)
    /// The entry is the result of calling an unknown function.
    case unknownGlobal(entry: String, global: String)

    package var description: String {
        switch self {
        case .noPickle(let count):
            "expected one data.pkl in the archive, found \(count)"
        case .bigEndian:
            "it was written on a big-endian machine; load it in PyTorch on a little-endian one and save it again"
        case .unknownByteOrder(let order): "expected the byte order little, found \(order)"
        case .compressedRecord(let name):
            "\(name) is compressed, which PyTorch never does; pack the archive without compression"
        case .damagedLegacyHeader(let expected): "expected \(expected) at the start; copy the file again"
        case .missingStorage(let key): "storage \(key) is missing; copy the file again"
        case .storageTooShort(let key, let expected, let found):
            "storage \(key) needs \(expected) bytes, found \(found); the file is truncated or damaged, copy it again"
        case .contradictoryStorage(let key): "storage \(key) is described in two ways"
        case .absurdShape(let tensor): "\(tensor) has a shape that no tensor can have"
        case .outOfRange(let tensor): "\(tensor) reaches beyond its storage"
        case .tooManyElements(let tensor):
            "\(tensor) brings the number of elements beyond what a file of this size can hold"
        case .unknownGlobal(let entry, let global):
            "\(entry) is made by \(global), which is not run here; save model.state_dict() instead of the model"
        }
    }
}
