import Files

/// The directory of a zip file, completely checked before anything is read. Every entry has a unique name and
/// a header that agrees with the directory, and no entries overlap.
struct ZipArchive {
    struct Entry {
        let name: String
        let isDeflated: Bool
        let checksum: UInt32
        let byteCount: Int
        /// The bytes as stored, perhaps deflated.
        let data: ByteView
    }

    /// The files in the directory's order, without folders.
    let entries: [Entry]
    private let indexByName: [String: Int]
    private let path: Path

    init(_ file: ByteView) throws(ArrayFileError) {
        path = file.path
        let directory = try ZipEnd(file).directory
        var parser = ZipDirectoryParser(file: file, directory: directory)
        entries = try parser.parse()
        indexByName = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    }

    subscript(name: String) -> Entry? {
        indexByName[name].map { entries[$0] }
    }

    /// Returns the bytes of an entry, after verifying its checksum. They are a window into the file if the
    /// entry is stored; otherwise they are inflated into memory of the declared size, which is at most
    /// `Limits.deflateRatio` times that of the data.
    func contents(of entry: Entry) throws(ArrayFileError) -> ByteView {
        let contents: ByteView
        if entry.isDeflated {
            contents = try ByteRegion(path: path, count: entry.byteCount) { memory throws(ArrayFileError) in
                guard Zlib.inflate(entry.data.unsafeBytes, into: memory) else {
                    throw ArrayFileError(path, .zip(.damagedStream(entry.name)))
                }
            }.view
        } else {
            contents = entry.data
        }
        guard Zlib.checksum(contents.unsafeBytes) == entry.checksum else {
            throw ArrayFileError(path, .zip(.wrongChecksum(entry.name)))
        }
        return contents
    }
}
