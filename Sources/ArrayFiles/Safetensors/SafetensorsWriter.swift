import Files

/// Writes safetensors files as the format's own library does: names in order, the header padded to eight
/// bytes. All tensors have one type.
package enum SafetensorsWriter {
    /// The types in which a network can be stored.
    package enum StoredType: String, Sendable, CaseIterable {
        case f32, f16, bf16

        package var elementType: ElementType {
            switch self {
            case .f32: .float32
            case .f16: .float16
            case .bf16: .bfloat16
            }
        }
    }

    /// Writes tensors sorted by name. The same tensors give the same bytes.
    /// - Parameters:
    ///   - shapes: the shape of each tensor, by name.
    ///   - metadata: written to the header under `__metadata__` if there is any.
    ///   - output: not flushed, so that the caller can publish it durably.
    ///   - floats: returns the values of one tensor, row-major. It is called once for each name, in order, so
    ///     that only one tensor is in memory. Values are rounded to nearest; those beyond a half's range
    ///     become infinite.
    /// - Throws: the errors of `floats`, and `FileError` if writing fails.
    package static func write(
        shapes: [String: [Int]], type: StoredType, metadata: [String: String] = [:], to output: FileWriter,
        floats: (String) throws -> [Float]
    ) throws {
        let names = shapes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var members: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for name in names {
            let shape = shapes[name, default: []]
            let end = offset + shape.reduce(1, *) * type.elementType.byteCount
            let extents = shape.map(String.init).joined(separator: ",")
            members.append(
                "\(quoted(name)):{\"dtype\":\"\(type.rawValue.uppercased())\",\"shape\":[\(extents)],"
                    + "\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = Array("{\(members.joined(separator: ","))}".utf8)
        header += [UInt8](repeating: 0x20, count: -header.count & 7)
        try output.write(UInt64(header.count).littleEndianBytes + header)

        for name in names {
            let values = try floats(name)
            precondition(
                values.count == shapes[name, default: []].reduce(1, *),
                "\(name): values do not fill the shape")
            if type == .f32 {
                try output.write(values.span.bytes)
            } else {
                try output.write(FloatConversion.bytes(values, as: type.elementType))
            }
        }
    }

    private static func quoted(_ text: String) -> String { JSONText.quoted(text, escapesInvisible: false) }
}
