import ArrayFiles
import Files
import Foundation
import TestSupport
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
    private static let eight = [UInt8](repeating: 0, count: 8)

    private func expect(
        _ problem: SafetensorsProblem, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectCheckpointProblem(.safetensors(problem), bytes, sourceLocation: sourceLocation)
    }

    @Test(arguments: 0..<8)
    func aLengthNeedsEightBytes(_ count: Int) {
        expect(.truncated(byteCount: count), [UInt8](repeating: 1, count: count))
    }

    @Test(arguments: [100_000_001, 1 << 32, 1 << 62, UInt64.max])
    func hugeHeadersAreRefused(_ declared: UInt64) {
        expect(
            .headerTooLarge(byteCount: declared), SafetensorsBuilder.file(header: "{}", declared: declared))
    }

    @Test func aHeaderBeyondTheFileIsRefused() {
        expect(
            .headerBeyondFile(byteCount: 100_000_000, available: 2),
            SafetensorsBuilder.file(header: "{}", declared: 100_000_000))
    }

    @Test(arguments: [
        ("{", 1, "\""), ("{\"a\"}", 4, ":"), ("{\"a\":1}", 5, "{"),
        ("{\"a\":{}}", 7, "dtype, shape and data_offsets in a"),
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5]", 30, "]"), ("{} x", 3, "the end of the header"),
        ("{\"a", 3, "the end of a string"), ("{\"\u{1}\":1}", 2, "no control characters in a string"),
        ("{\"\\x\":1}", 3, "a known escape"), ("{\"\\ud800\":1}", 8, "the second half of a surrogate pair"),
        ("{\"a\":{\"dtype\":\"F32\",\"extra\":1}}", 28, "dtype, shape or data_offsets in a"),
        ("{\"a\":{\"data_offsets\":[1]}}", 24, "two data_offsets"),
        ("{\"a\":{\"shape\":[01]}}", 17, "a number without leading zeros"),
        ("{\"__metadata__\":{\"a\":{\"b\":\"c\"}}}", 21, "\""),
    ])
    func damagedHeadersAreRefused(_ header: String, _ offset: Int, _ expected: String) {
        expect(.damagedHeader(offset: offset, expected: expected), SafetensorsBuilder.file(header: header))
    }

    @Test func deepNestingIsRefusedAtOnce() {
        let header = "{\"a\":" + String(repeating: "[", count: 1_000_000)
        expect(.damagedHeader(offset: 5, expected: "{"), SafetensorsBuilder.file(header: header))
    }

    @Test func duplicatesAreRefused() {
        expect(
            .duplicateName("a"),
            SafetensorsBuilder.file(["a": ("F32", [1], 0, 4), "a": ("F32", [1], 4, 8)], data: Self.eight))
        // The same name in disguise.
        let member = "{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}"
        expect(
            .duplicateName("a"), SafetensorsBuilder.file(header: "{\"a\":\(member),\"\\u0061\":\(member)}"))
        expect(
            .duplicateName("a.dtype"),
            SafetensorsBuilder.file(header: "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F16\"}}"))
    }

    @Test func offsetsThatDoNotFitAreRefused() {
        let data = Self.eight
        func file(_ tensors: KeyValuePairs<String, (String, [Int], Int, Int)>) -> [UInt8] {
            SafetensorsBuilder.file(tensors, data: data)
        }
        expect(.overlap(tensor: "b", other: "a"), file(["a": ("F32", [2], 0, 8), "b": ("F32", [1], 4, 8)]))
        expect(.hole(offset: 0, byteCount: 4), file(["a": ("F32", [1], 4, 8)]))
        expect(.hole(offset: 4, byteCount: 4), file(["a": ("F32", [1], 0, 4)]))
        expect(.hole(offset: 2, byteCount: 2), file(["a": ("F16", [1], 0, 2), "b": ("F32", [1], 4, 8)]))
        expect(.outOfRange(tensor: "a", end: 12, available: 8), file(["a": ("F32", [3], 0, 12)]))
        expect(.outOfRange(tensor: "a", end: Int.max, available: 8), file(["a": ("F32", [2], 0, Int.max)]))
        expect(.offsetsReversed(tensor: "a"), file(["a": ("F32", [2], 8, 0)]))
        expect(.sizeMismatch(tensor: "a", expected: 4, found: 8), file(["a": ("F32", [1], 0, 8)]))
        expect(.sizeMismatch(tensor: "a", expected: 16, found: 8), file(["a": ("I64", [2], 0, 8)]))
        expect(.unknownElementType(tensor: "a", type: "F4"), file(["a": ("F4", [2], 0, 8)]))
    }

    @Test func absurdShapesAreRefused() {
        let shapes = [
            "1152921504606846976,16", "9223372036854775807,9223372036854775807", "4611686018427387904", "-1",
            "99999999999999999999", String(repeating: "1,", count: 64) + "1",
            String(repeating: "1,", count: 1_000_000) + "1",
        ]
        for shape in shapes {
            let header = "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8],\"shape\":[\(shape)]}}"
            expect(.absurdShape(tensor: "a"), SafetensorsBuilder.file(header: header, data: Self.eight))
        }
    }

    @Test func endlessHeadersAreRefused() {
        let members = (0...100_000).map {
            "\"\($0)\":{\"dtype\":\"F16\",\"shape\":[0],\"data_offsets\":[0,0]}"
        }
        expect(.tooManyTensors, SafetensorsBuilder.file(header: "{\(members.joined(separator: ","))}"))
        let name = String(repeating: "\\u0041", count: 1_000_000)
        expect(
            .damagedHeader(offset: 6_000_002, expected: "the end of a string"),
            SafetensorsBuilder.file(header: "{\"" + name))
    }

    @Test func aFileWithoutWeightsIsRefused() {
        expectCheckpointProblem(.checkpoint(.noWeights(found: [])), SafetensorsBuilder.file(header: "{}"))
        expectCheckpointProblem(
            .checkpoint(.noWeights(found: [])),
            SafetensorsBuilder.file(["a": ("I64", [1], 0, 8)], data: Self.eight))
    }

    @Test func scalarsEmptyTensorsEscapesPaddingAndMetadataAreRead() throws {
        let header =
            "{\"__metadata__\":{\"format\":\"pt\"},\"\\u00e9\\ud83d\\ude00\\n\":{\"dtype\":\"F64\",\"shape\":[],"
            + "\"data_offsets\":[0,8]},\"e\":{\"shape\":[0,9223372036854775807],\"dtype\":\"F16\",\"data_offsets\":[8,8]},"
            + "\"n\":{\"dtype\":\"BOOL\",\"shape\":[],\"data_offsets\":[8,9]}}    "
        let bytes = SafetensorsBuilder.file(
            header: header, data: little(Double.pi.bitPattern) + [1])
        let checkpoint = try Checkpoint(bytes: bytes, path: "p")
        #expect(try checkpoint.floats(named: "é😀\n") == [Float(Double.pi)])
        #expect(try checkpoint.floats(named: "e") == [])
        #expect(checkpoint.metadata == ["format": "pt"])
        #expect(checkpoint.ignored == ["n"])
    }
}

@Suite("Writing safetensors")
struct SafetensorsWriterTests {
    @Test(
        "gives the bytes of the format's own library",
        .enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)),
        arguments: [("float32", SafetensorsWriter.StoredType.f32), ("half", .f16), ("bfloat16", .bf16)])
    func givesTheLibrarysBytes(_ name: String, _ type: SafetensorsWriter.StoredType) throws {
        let folder = try TemporaryFolder()
        // Rounding the float32 weights must give what PyTorch's rounding gave.
        let source = try Checkpoint(path: Path(GoldenCheckpointTests.path("float32.safetensors")))
        let golden = try Checkpoint(path: Path(GoldenCheckpointTests.path("\(name).safetensors")))
        try AtomicFile.write(Path(folder.path("out"))) { output in
            try SafetensorsWriter.write(
                shapes: Dictionary(uniqueKeysWithValues: source.tensors.map { ($0.name, $0.shape) }),
                type: type, metadata: golden.metadata, to: output, floats: { try source.floats(named: $0) })
        }
        let written = try Data(contentsOf: URL(fileURLWithPath: folder.path("out")))
        #expect(
            try written
                == Data(contentsOf: URL(fileURLWithPath: GoldenCheckpointTests.path("\(name).safetensors"))))
    }

    @Test(arguments: SafetensorsWriter.StoredType.allCases)
    func specialValuesSurvive(_ type: SafetensorsWriter.StoredType) throws {
        let folder = try TemporaryFolder()
        let values: [Float] = [0, -0.0, 1, -2.5, .infinity, -.infinity, 0x1p-24, 1e38, 3.4e38]
        try AtomicFile.write(Path(folder.path("out"))) { output in
            try SafetensorsWriter.write(
                shapes: ["a\"\\\n": [9], "empty": [0, 3], "nan": []], type: type, to: output,
                floats: { $0 == "nan" ? [.nan] : $0 == "empty" ? [] : values })
        }
        let read = try Checkpoint(path: Path(folder.path("out")))
        #expect(try read.floats(named: "nan")[0].isNaN)
        #expect(try read.floats(named: "empty") == [])
        let found = try read.floats(named: "a\"\\\n")
        switch type {
        case .f32: #expect(found == values)
        case .f16: #expect(found == values.map { Float(Float16($0)) })
        // 3.4e38 lies in the upper half before bfloat16's infinity.
        case .bf16: #expect(found[0...5] == values[0...5] && found[6] == 0x1p-24 && found[8] == .infinity)
        }
    }
}
