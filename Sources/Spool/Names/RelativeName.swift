import Files

/// The name of a picture relative to the inbox: its folders and its file name, joined by slashes.
package struct RelativeName: Hashable, Comparable, ByteNamed {
    /// The longest accepted name, in bytes. Together with the path of the outbox or the archive, a name must
    /// stay below PATH_MAX (4,096 bytes), or nobody could open the picture by its path.
    package static let maximumByteCount = 2048

    /// The folder that holds it, shared with the others there; nil for the inbox itself.
    let place: FolderPath?
    /// The file's own name.
    package let last: FileName

    /// A name in a folder that others share.
    init(in place: FolderPath?, _ name: FileName) {
        self.place = place
        last = name
    }

    /// Joins the names of the folders and of the file.
    package init(_ folder: [FileName] = [], _ name: FileName) {
        self.init(in: FolderPath.of(folder), name)
    }

    /// Returns nil unless every part between slashes is a ``FileName``, so a name is never absolute and has
    /// no `..`.
    package init?(bytes: [UInt8]) {
        var names: [FileName] = []
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let name = FileName(bytes: Array(part)) else { return nil }
            names.append(name)
        }
        guard let last = names.popLast() else { return nil }
        self.init(names, last)
    }

    package init?(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    /// The names of the folders.
    package var folder: [FileName] { place?.names ?? [] }

    /// The joined bytes.
    package var bytes: [UInt8] {
        Array((folder + [last]).map(\.bytes).joined(separator: [UInt8(ascii: "/")]))
    }

    /// Of the joined bytes.
    var byteCount: Int { (place.map { $0.byteCount + 1 } ?? 0) + last.bytes.count }

    /// The name for log messages; see ``FileName/description``.
    package var description: String { ByteText.escaped(bytes) }

    /// The name as text. Bytes that are not UTF-8 are replaced, so the text may not identify the file.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Folder by folder, then by the file's name.
    package static func < (left: RelativeName, right: RelativeName) -> Bool {
        FolderPath.precedes(left.place, right.place) ?? (left.last < right.last)
    }
}
