/// PyTorch's format before 1.6: five consecutive pickles (magic number, protocol, system, the object, the
/// storages' keys), then for each key the number of its elements in eight bytes, and the elements.
enum TorchLegacy {
    /// The number 0x1950a86a20f9469cfc6c, least significant byte first.
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
    private static let protocolVersion = 1001

    /// Whether a file starts like this format: a pickle of protocol 2 or later whose first value is the magic
    /// number.
    static func matches(_ file: ByteView) -> Bool {
        guard file.count >= 14, file[0] == 0x80, let start = file.slice(at: 0, count: min(file.count, 32))
        else {
            return false
        }
        // The number follows PROTO, and FRAME since protocol 4, as LONG1 with ten bytes.
        let number = [0x8A, 0x0A] + magic
        return [2, 11].contains { start.slice(at: $0, count: number.count)?.array() == number }
    }

    static func read(_ file: ByteView) throws(ArrayFileError) -> TorchContents {
        func fail(_ problem: TorchProblem) -> ArrayFileError { ArrayFileError(file.path, .torch(problem)) }

        var offset = 0
        func pickle() throws(ArrayFileError) -> (PickleValue, PickleHeap) {
            guard let rest = file.slice(at: offset, count: file.count - offset) else {
                throw fail(.damagedLegacyHeader(expected: "five pickles"))
            }
            var machine = PickleMachine(rest)
            let value = try machine.run()
            offset += machine.endOffset
            return (value, machine.heap)
        }

        guard try pickle().0 == .bigInteger(magic) else {
            throw fail(.damagedLegacyHeader(expected: "the magic number"))
        }
        guard try pickle().0 == .integer(protocolVersion) else {
            throw fail(.damagedLegacyHeader(expected: "protocol version \(protocolVersion)"))
        }
        let (system, systemHeap) = try pickle()
        guard case .dictionary(let index) = system else {
            throw fail(.damagedLegacyHeader(expected: "a description of the system"))
        }
        for (key, value) in systemHeap.dictionaries[index]
        where key == .text("little_endian") && value == .bool(false) {
            throw fail(.bigEndian)
        }
        let (root, heap) = try pickle()
        let (keyValue, keyHeap) = try pickle()
        guard case .list(let list) = keyValue else {
            throw fail(.damagedLegacyHeader(expected: "a list of storages"))
        }
        let storages = try locate(keyHeap.sequences[list], of: heap, in: file, from: offset)
        return TorchContents(root: root, heap: heap, storages: storages, file: file)
    }

    /// Finds the storages after the pickles.
    private static func locate(
        _ keys: [PickleValue], of heap: PickleHeap, in file: ByteView, from start: Int
    ) throws(ArrayFileError) -> [String: ByteView] {
        func fail(_ problem: TorchProblem) -> ArrayFileError { ArrayFileError(file.path, .torch(problem)) }

        // The bytes contain the number of elements; only the pickle knows their size.
        var roots: [String: TorchStorageReference] = [:]
        for storage in heap.storages {
            if let other = roots[storage.key],
                other.type != storage.type || other.rootCount != storage.rootCount
            {
                throw fail(.contradictoryStorage(key: storage.key))
            }
            roots[storage.key] = storage
        }
        var result: [String: ByteView] = [:]
        var offset = start
        for value in keys {
            guard case .text(let key) = value, result[key] == nil else {
                throw fail(.damagedLegacyHeader(expected: "different keys of storages"))
            }
            guard let root = roots[key] else { throw fail(.missingStorage(key: key)) }
            guard let count = file.integer(Int64.self, at: offset) else {
                throw fail(.missingStorage(key: key))
            }
            guard count == root.rootCount else { throw fail(.contradictoryStorage(key: key)) }
            offset += 8
            let (byteCount, overflow) = Int(count).multipliedReportingOverflow(by: root.type.byteCount)
            guard !overflow, let bytes = file.slice(at: offset, count: byteCount) else {
                throw fail(
                    .storageTooShort(
                        key: key, expected: overflow ? Int.max : byteCount, found: file.count - offset))
            }
            result[key] = bytes
            offset += byteCount
        }
        return result
    }
}
