/// The name of an entry of a folder, as the kernel sees it: bytes, not text.
package struct FileName: Hashable, Comparable, ByteNamed {
    /// Between 1 and 255 bytes, none of them 0 or a slash.
    package let bytes: [UInt8]

    /// The longest name Linux knows.
    package static let maximumByteCount = 255

    /// Nil for what cannot name an entry: nothing, `.`, `..`, more than 255 bytes, a slash or a zero byte.
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

    /// A name written in this source.
    package init(literal: StaticString) {
        bytes = literal.withUTF8Buffer { Array($0) }
    }

    /// The name for a log line or a message: control characters, invalid bytes and the backslash are escaped,
    /// so that no name can forge a line or turn the terminal's writing direction.
    package var description: String { ByteText.escaped(bytes) }

    package static func < (left: FileName, right: FileName) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
