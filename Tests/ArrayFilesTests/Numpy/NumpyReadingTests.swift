import ArrayFiles
import Files
import Foundation
import TestSupport
import Testing

@Suite("Reading numpy's arrays")
struct NpyReadingTests {
    private static func file(
        _ literal: String, version: UInt8 = 1, data: [UInt8] = [], declared: Int? = nil
    ) -> [UInt8] {
        let length = declared ?? literal.utf8.count
        let count =
            version == 1
            ? little(UInt16(truncatingIfNeeded: length)) : little(UInt32(truncatingIfNeeded: length))
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + count + Array(literal.utf8) + data
    }

    private static func literal(_ type: String, _ shape: String, fortran: Bool = false) -> String {
        "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }   \n"
    }

    private func expect(
        _ problem: NumpyProblem, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectProblem(.numpy(problem), sourceLocation: sourceLocation) {
            _ = try NpyArray(bytes: bytes, path: $0)
        }
    }

    @Test(arguments: [1, 2, 3])
    func everyVersionIsRead(_ version: UInt8) throws {
        let bytes = Self.file(Self.literal("|u1", "(2, 3)"), version: version, data: [0, 1, 2, 3, 4, 5])
        let array = try NpyArray(bytes: bytes, path: "p")
        #expect(array == NpyArray(shape: [2, 3], values: .uint8([0, 1, 2, 3, 4, 5])))
        #expect(array.floats == [0, 1, 2, 3, 4, 5])
    }

    @Test func columnMajorBecomesRowMajor() throws {
        func read(_ type: String, _ data: [UInt8], shape: String = "(2, 3)") throws -> NpyArray {
            try NpyArray(bytes: Self.file(Self.literal(type, shape, fortran: true), data: data), path: "p")
        }
        #expect(try read("|u1", [0, 1, 2, 3, 4, 5]).values == .uint8([0, 2, 4, 1, 3, 5]))
        #expect(try read("<f4", TorchBuilder.sixFloats).values == .float32([0, 2, 4, 1, 3, 5]))
        let doubles = (0..<6).flatMap { little(Double($0).bitPattern) }
        #expect(try read("<f8", doubles).values == .float64([0, 2, 4, 1, 3, 5]))
        #expect(try read("<f8", doubles).floats == [0, 2, 4, 1, 3, 5])
        #expect(try read("|u1", [1, 2], shape: "(2,)").values == .uint8([1, 2]))
        #expect(try read("|u1", [], shape: "(2, 0)").values == .uint8([]))
        #expect(try read("|u1", [7], shape: "()").values == .uint8([7]))
    }

    @Test func damageIsNamed() {
        let six: [UInt8] = [0, 1, 2, 3, 4, 5]
        let honest = Self.file(Self.literal("|u1", "(2, 3)"), data: six)
        expect(.notNpy, [1, 2, 3])
        expect(.notNpy, [])
        expect(.truncated(expected: 10, found: 8), Array(honest.prefix(8)))
        expect(.unsupportedVersion(9), Self.file("{}", version: 9))
        expect(.truncated(expected: 510, found: 12), Self.file("{}", declared: 500))
        expect(.headerTooLarge(byteCount: 60_000), Self.file("{}", declared: 60_000))
        expect(.headerTooLarge(byteCount: 0xFFFF_FFFF), Self.file("{}", version: 2, declared: 0xFFFF_FFFF))
        expect(.truncated(expected: 6, found: 5), Array(honest.dropLast()))
        expect(.trailingBytes(expected: 6, found: 7), honest + [0])
        expect(.unsupportedType(">f4"), Self.file(Self.literal(">f4", "(2, 3)"), data: six))
        expect(.unsupportedType("|O"), Self.file(Self.literal("|O", "(2, 3)"), data: six))
        expect(
            .truncated(expected: 1 << 60, found: 6),
            Self.file(Self.literal("|u1", "(1152921504606846976,)"), data: six))
        for shape in ["(99999999999999999999,)", "(9223372036854775807, 9223372036854775807)"] {
            expect(.absurdShape, Self.file(Self.literal("<f8", shape), data: six))
        }
        expect(.absurdShape, Self.file(Self.literal("<f8", "(9223372036854775807,)"), data: six))
        expect(
            .absurdShape, Self.file(Self.literal("<f8", "(\(String(repeating: "1,", count: 65)))"), data: six)
        )
    }

    @Test(arguments: [
        ("__import__('os').system('echo')", 0, "{"), ("{'descr': [('a', '<f4')], }", 10, "'"),
        ("{'descr': '<f4', 'descr': '<f4'}", 25, "descr, fortran_order and shape, each once"),
        ("{'descr': '<f4'}", 16, "descr, fortran_order and shape"),
        ("{'shape': (3)}", 12, "a comma or )"), ("{'shape': (-1,)}", 11, "a whole number"),
        ("{'fortran_order': 1}", 18, "True or False"), ("{'descr': '<f4", 14, "the end of a string"),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': ()} + 1", 54, "the end of the header"),
    ])
    func nothingIsEvaluated(_ literal: String, _ offset: Int, _ expected: String) {
        expect(.damagedHeader(offset: offset, expected: expected), Self.file(literal))
    }

    @Test(
        "reads the golden arrays",
        .enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
    func readsTheGoldenArrays() throws {
        let array = try NpyArray(path: Path(SharedFolder.path("golden/micro-32x40.npy")))
        #expect(array.shape == [2, 3, 32, 40])
        let stages = try NpzFile(path: Path(SharedFolder.path("golden/full-40x72-stages.npz")))
        #expect(stages.names.count == 27)
        #expect(try stages.array(named: "patch_embed").shape == [1, 48, 40, 72])
        for name in stages.names { #expect(try stages.array(named: name).values.count > 0) }
        expectNoArray(stages)
    }

    private func expectNoArray(_ file: NpzFile) {
        let error = #expect(throws: ArrayFileError.self) { try file.array(named: "nothing") }
        #expect(error?.problem == .numpy(.noArray("nothing")))
    }

    @Test("reads what numpy writes", .enabled(if: Python.isPresent, Python.absence))
    func readsWhatNumpyWrites() throws {
        let folder = try TemporaryFolder()
        try Python.run(
            """
            import numpy, sys
            a = numpy.arange(24, dtype=numpy.float32).reshape(2, 3, 4)
            arrays = {"c": a, "f": numpy.asfortranarray(a), "d": a.astype(numpy.float64), "b": a.astype(numpy.uint8),
                      "scalar": numpy.float32(3), "empty": numpy.zeros((0, 5), numpy.float32)}
            numpy.savez(sys.argv[1] + "/stored.npz", **arrays)
            numpy.savez_compressed(sys.argv[1] + "/deflated.npz", **arrays)
            numpy.save(sys.argv[1] + "/f.npy", arrays["f"])
            """, folder.path)
        let expected = (0..<24).map { Float($0) }
        for file in ["stored.npz", "deflated.npz"] {
            let npz = try NpzFile(path: Path(folder.path(file)))
            #expect(npz.names == ["c", "f", "d", "b", "scalar", "empty"])
            for name in ["c", "f", "d", "b"] {
                let array = try npz.array(named: name)
                #expect(array.shape == [2, 3, 4] && array.floats == expected)
            }
            #expect(try npz.array(named: "scalar") == NpyArray(shape: [], values: .float32([3])))
            #expect(try npz.array(named: "empty") == NpyArray(shape: [0, 5], values: .float32([])))
        }
        #expect(try NpyArray(path: Path(folder.path("f.npy"))).floats == expected)
    }
}
