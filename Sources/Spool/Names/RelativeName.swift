import Files

/// The name of a picture relative to the inbox: its folders and its file name, joined by slashes.
package struct RelativeName: Hashable, Comparable, ByteNamed {
    /// The longest accepted name, in bytes. Together with the path of the outbox or the archive, a name must
    /// stay below PATH_MAX (4,096 bytes), or nobody could open the picture by its path.
    package static let maximumByteCount = 2048

    /// The joined bytes, kept in one array because an inbox may hold a hundred thousand names.
    package let bytes: [UInt8]

    /// Joins the names of the folders and of the file.
    package init(_ folder: [FileName] = [], _ name: FileName) {
        bytes = Array((folder + [name]).map(\.bytes).joined(separator: [UInt8(ascii: "/")]))
    }

    /// Returns nil unless every part between slashes is a ``FileName``, so a name is never absolute and has
    /// no `..`.
    package init?(bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ FileName(bytes: Array($0)) != nil }) else { return nil }
        self.bytes = bytes
    }

    package init?(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    /// The names of the folders, followed by that of the file.
    package var components: [FileName] {
        bytes.split(separator: UInt8(ascii: "/")).compactMap { FileName(bytes: Array($0)) }
    }

    /// The names of the folders.
    package var folder: [FileName] { components.dropLast() }

    /// The file's own name.
    package var last: FileName {
        guard let last = components.last else { preconditionFailure("a relative name without a name") }
        return last
    }

    /// The name for log messages; see ``FileName/description``.
    package var description: String { ByteText.escaped(bytes) }

    /// The name as text. Bytes that are not UTF-8 are replaced, so the text may not identify the file.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package static func < (left: RelativeName, right: RelativeName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
