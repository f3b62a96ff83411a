import Files

/// The directory of a zip file, checked as a whole before anything is read: every entry has one name, one place,
/// and a header that agrees with the directory; none overlap.
struct ZipArchive {
    struct Entry {
        let name: String
        let isDeflated: Bool
        let checksum: UInt32
        let byteCount: Int
        /// As stored, perhaps deflated.
        let data: ByteView
    }

    /// Files only, in the directory's order.
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

    /// The bytes of an entry, its checksum verified: a window into the file if it is stored, else inflated into memory of
    /// the declared size, which is at most `Limits.deflateRatio` times that of its data.
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
