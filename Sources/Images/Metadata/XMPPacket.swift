/// An XMP packet: XML in UTF-8, of which only the orientation is understood.
package enum XMPPacket {
    private static let property = Array("tiff:Orientation".utf8)

    /// Sets every orientation to 1, in place, so that no reader turns the samples again.
    package static func resetOrientation(in bytes: inout [UInt8]) {
        var index = 0
        while let found = next(property, in: bytes, from: index) {
            index = found + property.count
            if let digit = digit(in: bytes, after: index) {
                bytes[digit] = UInt8(ascii: "1")
            }
        }
    }

    private static func next(_ wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= wanted.count else { return nil }
        return (start..<max(start, bytes.count - wanted.count + 1)).first { index in
            bytes[index] == wanted[0] && bytes[index...].starts(with: wanted)
        }
    }

    /// The place of the value of an attribute (`="6"`) or an element (`>6<`); nil if it is not one of 1 to 8.
    private static func digit(in bytes: [UInt8], after start: Int) -> Int? {
        let between = Set(" \t\r\n=\"\'>".utf8)
        guard let place = bytes[start...].firstIndex(where: { !between.contains($0) }), place > start,
            (UInt8(ascii: "1")...UInt8(ascii: "8")).contains(bytes[place]), place + 1 < bytes.count,
            Set("\"\'< \t\r\n".utf8).contains(bytes[place + 1])
        else { return nil }
        return place
    }
}
