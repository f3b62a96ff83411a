import Files

/// The name of a picture below the inbox: the names on the way to it, joined by slashes.
package struct RelativeName: Hashable, Comparable, ByteNamed {
    /// A name that is longer is not taken: with the path of the outbox or the archive before it, it must stay within
    /// PATH_MAX (4,096 bytes), beyond which nobody could open the picture by its path.
    package static let maximumByteCount = 2048

    /// The joined bytes; one array, because an inbox may hold a hundred thousand of them.
    package let bytes: [UInt8]

    /// Joins a folder's names and a file's.
    package init(_ folder: [FileName] = [], _ name: FileName) {
        bytes = Array((folder + [name]).map(\.bytes).joined(separator: [UInt8(ascii: "/")]))
    }

    /// Nil unless every part between slashes is a ``FileName``: never absolute, never with `..`.
    package init?(bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.allSatisfy({ FileName(bytes: Array($0)) != nil }) else { return nil }
        self.bytes = bytes
    }

    package init?(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    /// The names of the folders and, last, of the file.
    package var components: [FileName] {
        bytes.split(separator: UInt8(ascii: "/")).compactMap { FileName(bytes: Array($0)) }
    }

    /// The folders on the way.
    package var folder: [FileName] { components.dropLast() }

    /// The file's own name.
    package var last: FileName {
        guard let last = components.last else { preconditionFailure("a relative name without a name") }
        return last
    }

    /// The name for a log line; see ``FileName/description``.
    package var description: String { ByteText.escaped(bytes) }

    /// The name as text; bytes that are not UTF-8 are replaced, so this does not lead back to the file.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package static func < (left: RelativeName, right: RelativeName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
