/// Reads the central directory and compares each entry with the header before its data.
struct ZipDirectoryParser {
    private let file: ByteView
    private let directory: ZipEnd.Directory

    init(file: ByteView, directory: ZipEnd.Directory) {
        self.file = file
        self.directory = directory
    }

    /// A central record with its Zip64 fields resolved.
    private struct Record {
        var name: String
        var flags: UInt16
        var method: UInt16
        var checksum: UInt32
        var compressedByteCount: UInt64
        var byteCount: UInt64
        var headerOffset: UInt64
    }

    mutating func parse() throws(ArrayFileError) -> [ZipArchive.Entry] {
        var entries: [ZipArchive.Entry] = []
        var names: Set<String> = []
        var places: [(range: Range<Int>, name: String)] = []
        var offset = 0
        for index in 0..<directory.entryCount {
            let record = try central(index, at: &offset)
            guard names.insert(record.name).inserted else { throw fail(.duplicateName(record.name)) }
            let (place, data) = try locate(record)
            places.append((place, record.name))
            if record.name.hasSuffix("/") {
                guard data.count == 0, record.byteCount == 0 else {
                    throw fail(.headerMismatch(record.name, field: "size"))
                }
                continue
            }
            entries.append(try entry(record, data))
        }
        guard offset == directory.bytes.count else { throw fail(.inconsistentDirectory) }

        places.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (one, next) in zip(places, places.dropFirst()) where one.range.upperBound > next.range.lowerBound
        {
            throw fail(.overlap(one.name, next.name))
        }
        return entries
    }

    private func central(_ index: Int, at offset: inout Int) throws(ArrayFileError) -> Record {
        let bytes = directory.bytes
        let damaged = fail(.damagedRecord("directory entry \(index)", offset: directory.offset + offset))
        guard bytes.integer(UInt32.self, at: offset) == ZipFormat.centralSignature,
            let flags = bytes.integer(UInt16.self, at: offset + 8),
            let method = bytes.integer(UInt16.self, at: offset + 10),
            let checksum = bytes.integer(UInt32.self, at: offset + 16),
            let compressed = bytes.integer(UInt32.self, at: offset + 20),
            let byteCount = bytes.integer(UInt32.self, at: offset + 24),
            let nameLength = bytes.integer(UInt16.self, at: offset + 28).map(Int.init),
            let extraLength = bytes.integer(UInt16.self, at: offset + 30).map(Int.init),
            let commentLength = bytes.integer(UInt16.self, at: offset + 32).map(Int.init),
            let disk = bytes.integer(UInt16.self, at: offset + 34),
            let headerOffset = bytes.integer(UInt32.self, at: offset + 42),
            let nameBytes = bytes.slice(at: offset + ZipFormat.centralByteCount, count: nameLength),
            let extra = bytes.slice(at: offset + ZipFormat.centralByteCount + nameLength, count: extraLength)
        else { throw damaged }
        offset += ZipFormat.centralByteCount + nameLength + extraLength + commentLength
        guard offset <= bytes.count else { throw damaged }
        guard disk == 0 else { throw fail(.severalDisks) }
        guard let name = nameBytes.text(at: 0, count: nameLength), Self.isSafe(name) else {
            throw fail(.badName(entry: index))
        }
        var record = Record(
            name: name, flags: flags, method: method, checksum: checksum,
            compressedByteCount: UInt64(compressed),
            byteCount: UInt64(byteCount), headerOffset: UInt64(headerOffset))
        guard
            Self.fill64(
                [\.byteCount, \.compressedByteCount, \.headerOffset], of: &record, from: extra)
        else { throw damaged }
        return record
    }

    /// Replaces the 32-bit fields that are full by the numbers of the Zip64 extra field, in their fixed
    /// order.
    private static func fill64(
        _ fields: [WritableKeyPath<Record, UInt64>], of record: inout Record, from extra: ByteView
    ) -> Bool {
        let full = fields.filter { record[keyPath: $0] == UInt64(UInt32.max) }
        guard !full.isEmpty else { return true }
        var offset = 0
        while let id = extra.integer(UInt16.self, at: offset),
            let length = extra.integer(UInt16.self, at: offset + 2)
        {
            guard let body = extra.slice(at: offset + 4, count: Int(length)) else { return false }
            if id == ZipFormat.extra64 {
                for (place, field) in full.enumerated() {
                    guard let value = body.integer(UInt64.self, at: place * 8) else { return false }
                    record[keyPath: field] = value
                }
                return true
            }
            offset += 4 + Int(length)
        }
        // Without an extra field the number is really 2^32 − 1, which the later checks of bounds judge.
        return true
    }

    /// Returns the place of header and data together, and the data, after comparing the header with the
    /// directory.
    private func locate(_ record: Record) throws(ArrayFileError) -> (Range<Int>, ByteView) {
        let name = record.name
        guard let start = Int(exactly: record.headerOffset), start < directory.offset,
            file.integer(UInt32.self, at: start) == ZipFormat.localSignature,
            let flags = file.integer(UInt16.self, at: start + 6),
            let method = file.integer(UInt16.self, at: start + 8),
            let checksum = file.integer(UInt32.self, at: start + 14),
            let compressed = file.integer(UInt32.self, at: start + 18),
            let byteCount = file.integer(UInt32.self, at: start + 22),
            let nameLength = file.integer(UInt16.self, at: start + 26).map(Int.init),
            let extraLength = file.integer(UInt16.self, at: start + 28).map(Int.init),
            let localName = file.slice(at: start + ZipFormat.localByteCount, count: nameLength),
            let extra = file.slice(at: start + ZipFormat.localByteCount + nameLength, count: extraLength)
        else { throw fail(.headerMismatch(name, field: "place")) }

        guard localName.array() == Array(name.utf8) else { throw fail(.headerMismatch(name, field: "name")) }
        guard method == record.method else { throw fail(.headerMismatch(name, field: "compression")) }
        guard (flags ^ record.flags) & (ZipFormat.encryptedFlag | ZipFormat.descriptorFlag) == 0 else {
            throw fail(.headerMismatch(name, field: "flags"))
        }
        if flags & ZipFormat.descriptorFlag == 0 {
            var local = record
            (local.compressedByteCount, local.byteCount) = (UInt64(compressed), UInt64(byteCount))
            guard Self.fill64([\.byteCount, \.compressedByteCount], of: &local, from: extra),
                local.compressedByteCount == record.compressedByteCount, local.byteCount == record.byteCount
            else { throw fail(.headerMismatch(name, field: "size")) }
            guard checksum == record.checksum else { throw fail(.headerMismatch(name, field: "checksum")) }
        }
        let dataStart = start + ZipFormat.localByteCount + nameLength + extraLength
        guard let dataByteCount = Int(exactly: record.compressedByteCount), dataStart <= directory.offset,
            dataByteCount <= directory.offset - dataStart,
            let data = file.slice(at: dataStart, count: dataByteCount)
        else { throw fail(.outOfRange(name)) }
        return (start..<dataStart + dataByteCount, data)
    }

    private func entry(_ record: Record, _ data: ByteView) throws(ArrayFileError) -> ZipArchive.Entry {
        let name = record.name
        guard record.flags & ZipFormat.encryptedFlag == 0 else { throw fail(.encrypted(name)) }
        guard let byteCount = Int(exactly: record.byteCount) else { throw fail(.outOfRange(name)) }
        switch record.method {
        case ZipFormat.stored:
            guard byteCount == data.count else { throw fail(.headerMismatch(name, field: "size")) }
        case ZipFormat.deflated:
            // `data.count` is below the file's size, so the product cannot overflow.
            guard byteCount <= data.count * Limits.deflateRatio else {
                throw fail(.absurdSize(name, byteCount: byteCount))
            }
        default:
            throw fail(.unsupportedCompression(name, method: Int(record.method)))
        }
        return ZipArchive.Entry(
            name: name, isDeflated: record.method == ZipFormat.deflated, checksum: record.checksum,
            byteCount: byteCount, data: data)
    }

    /// Whether a name stays in its folder. Nothing is unpacked by name here, but an escaping name shows bad
    /// intent. A backslash may occur in names, because bundles escape bytes with it; as a separator it must
    /// not escape either.
    private static func isSafe(_ name: String) -> Bool {
        guard !name.isEmpty, !name.hasPrefix("/"), !name.utf8.contains(0) else { return false }
        return !name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains("..")
    }

    private func fail(_ problem: ZipProblem) -> ArrayFileError { ArrayFileError(file.path, .zip(problem)) }
}
