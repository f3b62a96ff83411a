/// The content of the iTXt chunk that holds an XMP packet (XMP specification part 3, section 1.1.5).
package enum XMPText {
    /// The chunk's keyword with its end.
    private static let keyword = Array("XML:com.adobe.xmp\0".utf8)

    /// Returns the packet in an iTXt chunk. Nil if the chunk holds another text, or if it is compressed, which the
    /// specification advises against.
    package static func packet(in bytes: [UInt8]) -> [UInt8]? {
        guard bytes.starts(with: keyword) else { return nil }
        let rest = bytes.dropFirst(keyword.count)
        guard rest.count >= 2, rest.first == 0 else { return nil }
        // Language and translated keyword precede the text, each with an end.
        let parts = rest.dropFirst(2).split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        return parts.count == 3 && !parts[2].isEmpty ? Array(parts[2]) : nil
    }

    /// Returns the content of an iTXt chunk with this packet: not compressed, without language and translated keyword.
    package static func holding(_ xmp: [UInt8]) -> [UInt8] {
        keyword + [0, 0, 0, 0] + xmp
    }
}
