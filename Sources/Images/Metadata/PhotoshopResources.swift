/// Photoshop's image resources, of which only IPTC's block (captions, keywords, authors) is kept: others describe the
/// degraded picture, such as its thumbnail.
///
/// Each resource is "8BIM", a number of two bytes, a name with its length in one byte, a length of four bytes, and the
/// data; name and data are padded to even lengths. Numbers are big-endian.
package enum PhotoshopResources {
    private static let signature = Array("8BIM".utf8)
    private static let iptcNumber = 0x0404

    /// Returns the first block of IPTC; nil if there is none before the end or the first damage.
    package static func iptc(in bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        func integer(at offset: Int, byteCount: Int) -> Int {
            rest[(rest.startIndex + offset)...].prefix(byteCount).reduce(0) { $0 << 8 | Int($1) }
        }
        while rest.count >= 12, rest.starts(with: signature) {
            let nameByteCount = 1 + integer(at: 6, byteCount: 1)
            let header = 6 + nameByteCount + nameByteCount % 2 + 4
            guard rest.count >= header else { return nil }
            let byteCount = integer(at: header - 4, byteCount: 4)
            guard byteCount <= rest.count - header else { return nil }
            if integer(at: 4, byteCount: 2) == iptcNumber {
                return byteCount > 0 ? Array(rest.dropFirst(header).prefix(byteCount)) : nil
            }
            rest = rest.dropFirst(header + byteCount + byteCount % 2)
        }
        return nil
    }

    /// Returns image resources that hold only this block.
    package static func holding(iptc: [UInt8]) -> [UInt8] {
        let length = (0..<4).reversed().map { UInt8(truncatingIfNeeded: iptc.count >> (8 * $0)) }
        let padding = [UInt8](repeating: 0, count: iptc.count % 2)
        return signature + [UInt8(iptcNumber >> 8), UInt8(iptcNumber & 0xFF), 0, 0] + length + iptc + padding
    }
}
