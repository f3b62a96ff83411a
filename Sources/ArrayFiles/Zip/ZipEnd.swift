/// The end of a zip file, which gives the place of its directory and the number of entries. They come from
/// the end record or, if its fields are full, from the Zip64 record.
struct ZipEnd {
    struct Directory {
        let bytes: ByteView
        /// The offset in the file; everything before it may be data.
        let offset: Int
        let entryCount: Int
    }

    let directory: Directory

    init(_ file: ByteView) throws(ArrayFileError) {
        guard let end = Self.findEndRecord(file) else { throw ArrayFileError(file.path, .zip(.noEndRecord)) }
        let damaged = ArrayFileError(file.path, .zip(.damagedRecord("end record", offset: end)))
        guard let disk = file.integer(UInt16.self, at: end + 4),
            let directoryDisk = file.integer(UInt16.self, at: end + 6),
            let countHere = file.integer(UInt16.self, at: end + 8),
            let count = file.integer(UInt16.self, at: end + 10),
            let byteCount = file.integer(UInt32.self, at: end + 12),
            let offset = file.integer(UInt32.self, at: end + 16)
        else { throw damaged }

        // The fields are full, or a Zip64 locator precedes, as in every file of torch.
        let locator = end - ZipFormat.locator64ByteCount
        if file.integer(UInt32.self, at: locator) == ZipFormat.locator64Signature {
            directory = try Self.directory64(file, locator: locator)
        } else {
            guard disk == 0, directoryDisk == 0, countHere == count else {
                throw ArrayFileError(file.path, .zip(.severalDisks))
            }
            directory = try Self.directory(
                file, offset: UInt64(offset), byteCount: UInt64(byteCount), count: UInt64(count), end: end)
        }
    }

    private static func directory64(_ file: ByteView, locator: Int) throws(ArrayFileError) -> Directory {
        let damaged = ArrayFileError(file.path, .zip(.damagedRecord("Zip64 end record", offset: locator)))
        guard let place = file.integer(UInt64.self, at: locator + 8), let record = Int(exactly: place),
            file.integer(UInt32.self, at: record) == ZipFormat.end64Signature,
            let size = file.integer(UInt64.self, at: record + 4),
            let disk = file.integer(UInt32.self, at: record + 16),
            let directoryDisk = file.integer(UInt32.self, at: record + 20),
            let countHere = file.integer(UInt64.self, at: record + 24),
            let count = file.integer(UInt64.self, at: record + 32),
            let byteCount = file.integer(UInt64.self, at: record + 40),
            let offset = file.integer(UInt64.self, at: record + 48)
        else { throw damaged }
        // The record must end where its locator begins; otherwise there is room for a second directory.
        guard let total = Int(exactly: size), total >= ZipFormat.end64ByteCount - 12,
            total == locator - record - 12
        else { throw damaged }
        guard disk == 0, directoryDisk == 0, countHere == count else {
            throw ArrayFileError(file.path, .zip(.severalDisks))
        }
        return try directory(file, offset: offset, byteCount: byteCount, count: count, end: record)
    }

    private static func directory(
        _ file: ByteView, offset: UInt64, byteCount: UInt64, count: UInt64, end: Int
    ) throws(ArrayFileError) -> Directory {
        guard let offset = Int(exactly: offset), let byteCount = Int(exactly: byteCount),
            let count = Int(exactly: count), byteCount / ZipFormat.centralByteCount >= count,
            let bytes = file.slice(at: offset, count: byteCount), offset + byteCount == end
        else { throw ArrayFileError(file.path, .zip(.inconsistentDirectory)) }
        return Directory(bytes: bytes, offset: offset, entryCount: count)
    }

    /// Returns the last end record whose comment extends exactly to the end of the file.
    private static func findEndRecord(_ file: ByteView) -> Int? {
        let last = file.count - ZipFormat.endByteCount
        guard last >= 0 else { return nil }
        for offset in stride(from: last, through: max(0, last - Int(UInt16.max)), by: -1)
        where file.integer(UInt32.self, at: offset) == ZipFormat.endSignature {
            if let comment = file.integer(UInt16.self, at: offset + 20),
                offset + 22 + Int(comment) == file.count
            {
                return offset
            }
        }
        return nil
    }
}
