/// A protocol buffer being written, field by field (protobuf.dev, "Encoding").
struct ProtobufMessage {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ field: Int, integer value: Int) {
        addVarint(UInt64(field) << 3)
        addVarint(UInt64(bitPattern: Int64(value)))
    }

    mutating func add(_ field: Int, double value: Double) {
        addVarint(UInt64(field) << 3 | 1)
        bytes += littleEndian(value.bitPattern)
    }

    mutating func add(_ field: Int, float value: Float) {
        addVarint(UInt64(field) << 3 | 5)
        bytes += littleEndian(value.bitPattern)
    }

    mutating func add(_ field: Int, bytes value: [UInt8]) {
        addVarint(UInt64(field) << 3 | 2)
        addVarint(UInt64(value.count))
        bytes += value
    }

    mutating func add(_ field: Int, string value: String) {
        add(field, bytes: Array(value.utf8))
    }

    mutating func add(_ field: Int, message value: ProtobufMessage) {
        add(field, bytes: value.bytes)
    }

    private mutating func addVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// A field of a message being read. It supports only what finding an event's step requires.
struct ProtobufFields {

    /// Returns the last value of an integer field, or nil if the field is missing or the message is damaged.
    static func integer(_ wanted: Int, in message: ArraySlice<UInt8>) -> Int? {
        var rest = message
        var found: Int?
        while !rest.isEmpty {
            guard let key = varint(&rest) else { return nil }
            switch key & 7 {
            case 0:
                guard let value = varint(&rest) else { return nil }
                if key >> 3 == wanted { found = Int(truncatingIfNeeded: value) }
            case 1: rest = rest.dropFirst(8)
            case 2:
                guard let count = varint(&rest), count <= UInt64(rest.count) else { return nil }
                rest = rest.dropFirst(Int(count))
            case 5: rest = rest.dropFirst(4)
            default: return nil
            }
        }
        return found
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst(), shift < 64 {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}

/// Returns the bytes of a number, lowest first.
func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> Number($0 * 8)) }
}
