import ArrayFiles
import Testing

@Suite("Conversion to float32")
struct FloatConversionTests {
    @Test func everyHalfIsExact() throws {
        let halves = (0...UInt16.max).map { $0 }
        let bytes = SafetensorsBuilder.file(
            ["a": ("F16", [65536], 0, 131072)], data: halves.flatMap { little($0) })
        let found = try Checkpoint(bytes: bytes, path: "p").floats(named: "a")
        for (bits, value) in zip(halves, found) {
            let expected = Float(Float16(bitPattern: bits))
            #expect(expected.isNaN ? value.isNaN : expected.bitPattern == value.bitPattern, "\(bits)")
        }
    }

    @Test func everyBrainFloatIsExact() throws {
        let halves = (0...UInt16.max).map { $0 }
        let bytes = SafetensorsBuilder.file(
            ["a": ("BF16", [65536], 0, 131072)], data: halves.flatMap { little($0) })
        let found = try Checkpoint(bytes: bytes, path: "p").floats(named: "a")
        #expect(found.map(\.bitPattern) == halves.map { UInt32($0) << 16 })
    }

    @Test func doublesAreRoundedToNearest() throws {
        let values = [
            0, -0.0, 1, 0.1, 1 + 0x1p-24, 1 + 0x1.8p-23, 1e300, -1e-300, .infinity, 0x1p-149, 0x1.8p-150,
        ]
        let bytes = SafetensorsBuilder.file(
            ["a": ("F64", [values.count], 0, values.count * 8)],
            data: values.flatMap { little($0.bitPattern) })
        #expect(try Checkpoint(bytes: bytes, path: "p").floats(named: "a") == values.map { Float($0) })
    }

    @Test("does not need alignment", arguments: 1...8)
    func doesNotNeedAlignment(_ padding: Int) throws {
        let header =
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}"
            + String(repeating: " ", count: padding)
        let bytes = SafetensorsBuilder.file(
            header: header, data: [1, 2, 3].flatMap { little(Float($0).bitPattern) })
        #expect(try Checkpoint(bytes: bytes, path: "p").floats(named: "a") == [1, 2, 3])
    }
}
