/// The name of an entry of a folder as the kernel sees it: bytes, not text.
package struct FileName: Hashable, Comparable, ByteNamed {
    /// Between 1 and 255 bytes, without zero bytes and slashes.
    package let bytes: [UInt8]

    /// The longest name on Linux, in bytes.
    package static let maximumByteCount = 255

    /// Returns nil for bytes that cannot name an entry: none, `.`, `..`, more than 255, or with a slash or a
    /// zero byte.
    package init?(bytes: [UInt8]) {
        guard !bytes.isEmpty, bytes.count <= Self.maximumByteCount,
            bytes != Array(".".utf8), bytes != Array("..".utf8), !bytes.contains(UInt8(ascii: "/")),
            !bytes.contains(0)
        else { return nil }
        self.bytes = bytes
    }

    package init?(_ text: String) {
        self.init(bytes: Array(text.utf8))
    }

    /// Creates a name that is written in the source code.
    package init(literal: StaticString) {
        bytes = literal.withUTF8Buffer { Array($0) }
    }

    /// The name for logs and messages. Control characters, invalid bytes and the backslash are escaped, so
    /// that no name can forge a line or change the terminal's writing direction.
    package var description: String { ByteText.escaped(bytes) }

    package static func < (left: FileName, right: FileName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
