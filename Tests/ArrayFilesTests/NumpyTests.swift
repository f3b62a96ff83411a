import ArrayFiles
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
        let array = try NpyArray(path: SharedFolder.path("golden/micro-32x40.npy"))
        #expect(array.shape == [2, 3, 32, 40])
        let stages = try NpzFile(path: SharedFolder.path("golden/full-40x72-stages.npz"))
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
            let npz = try NpzFile(path: folder.path(file))
            #expect(npz.names == ["c", "f", "d", "b", "scalar", "empty"])
            for name in ["c", "f", "d", "b"] {
                let array = try npz.array(named: name)
                #expect(array.shape == [2, 3, 4] && array.floats == expected)
            }
            #expect(try npz.array(named: "scalar") == NpyArray(shape: [], values: .float32([3])))
            #expect(try npz.array(named: "empty") == NpyArray(shape: [0, 5], values: .float32([])))
        }
        #expect(try NpyArray(path: folder.path("f.npy")).floats == expected)
    }
}

@Suite("Writing numpy's arrays", .enabled(if: Python.isPresent, Python.absence))
struct NpyWritingTests {
    private static func write(_ path: String, _ body: (FileWriter) throws -> Void) throws {
        let output = try FileWriter(creating: path)
        try body(output)
        try output.finish()
    }

    private static func isSame(_ a: String, _ b: String) throws -> Bool {
        try Data(contentsOf: URL(fileURLWithPath: a)) == Data(contentsOf: URL(fileURLWithPath: b))
    }

    @Test(
        "gives numpy's bytes",
        arguments: [[], [1], [7], [2, 3], [3, 41, 67], [1, 2, 3, 4, 5, 6, 7, 8], [0], [123_456]])
    func givesNumpysBytes(_ shape: [Int]) throws {
        let folder = try TemporaryFolder()
        let count = shape.reduce(1, *)
        let floats = (0..<count).map { Float($0) }
        for values in [
            NpyArray.Values.float32(floats), .float64(floats.map { Double($0) }),
            .uint8(floats.map { UInt8(Int($0) & 255) }),
        ] {
            let array = NpyArray(shape: shape, values: values)
            try Self.write(folder.path("ours.npy")) { try array.write(to: $0) }
            try Python.run(
                """
                import numpy, sys
                a = numpy.load(sys.argv[1] + "/ours.npy")
                assert a.ravel().astype(int).tolist() == [i & (255 if a.dtype == numpy.uint8 else -1) for i in range(a.size)]
                numpy.save(sys.argv[1] + "/numpys.npy", a)
                """, folder.path)
            #expect(try Self.isSame(folder.path("ours.npy"), folder.path("numpys.npy")))
            #expect(try NpyArray(path: folder.path("ours.npy")) == array)
        }
    }

    private static let pictures: [(key: String, shape: [Int])] = [
        ("0.png", [3, 2, 2]), ("1.jpg", [3, 5, 7]), ("sub/2.png", [3, 1, 1]), ("Schnée ☃.png", [3, 40, 40]),
    ]

    private static func npz(_ path: String, thresholds: ZipWriter.Thresholds) throws {
        try write(path) { output in
            let writer = NpzWriter(to: output, thresholds: thresholds)
            for (key, shape) in pictures {
                let bytes = (0..<shape.reduce(1, *)).map { UInt8($0 & 255) }
                try writer.add(key, shape: shape, bytes: bytes)
            }
            try writer.add("floats", shape: [2], floats: [0.5, -1])
            try writer.finish()
        }
    }

    private static let check = """
        import numpy, sys, zipfile
        assert zipfile.ZipFile(sys.argv[1]).testzip() is None
        with numpy.load(sys.argv[1]) as z:
            arrays = {key: z[key] for key in z.files}
        assert list(arrays) == ["0.png", "1.jpg", "sub/2.png", "Schnée ☃.png", "floats"], list(arrays)
        assert arrays["1.jpg"].shape == (3, 5, 7) and arrays["1.jpg"].dtype == numpy.uint8
        assert (arrays["Schnée ☃.png"].ravel() == numpy.arange(4800) % 256).all()
        assert arrays["floats"].tolist() == [0.5, -1.0]
        """

    @Test func aBundleHasTheBytesOfSavez() throws {
        let folder = try TemporaryFolder()
        try Self.npz(folder.path("ours.npz"), thresholds: .init())
        try Self.npz(folder.path("again.npz"), thresholds: .init())
        try Python.run(
            Self.check + "\nnumpy.savez(sys.argv[2], **arrays)", folder.path("ours.npz"),
            folder.path("numpys.npz"))
        #expect(try Self.isSame(folder.path("ours.npz"), folder.path("numpys.npz")))
        #expect(try Self.isSame(folder.path("ours.npz"), folder.path("again.npz")))
        #expect(try NpzFile(path: folder.path("ours.npz")).array(named: "1.jpg").shape == [3, 5, 7])
    }

    @Test(
        "uses 64-bit records beyond the limits",
        arguments: [
            ZipWriter.Thresholds(byteCount: 1000), .init(entryCount: 2), .init(byteCount: 200, entryCount: 1),
            .init(byteCount: 0),
        ])
    func uses64BitRecordsBeyondTheLimits(_ thresholds: ZipWriter.Thresholds) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("ours.npz")
        try Self.npz(path, thresholds: thresholds)
        try Python.run(Self.check, path)
        let npz = try NpzFile(path: path)
        #expect(npz.names.count == 5)
        #expect(try npz.array(named: "floats").floats == [0.5, -1])
        if (try? Python.execute(["unzip", "-v"])) != nil { try Python.execute(["unzip", "-tq", path]) }
    }

    @Test func manyEntriesNeed64BitCounts() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("many.npz")
        try Self.write(path) { output in
            let writer = NpzWriter(to: output)
            for index in 0..<70_000 { try writer.add("\(index)", shape: [1], bytes: [UInt8(index & 255)]) }
            try writer.finish()
        }
        try Python.run(
            """
            import numpy, sys
            with numpy.load(sys.argv[1]) as z:
                assert len(z.files) == 70000 and z["69999"][0] == 69999 & 255
            """, path)
        #expect(try NpzFile(path: path).names.count == 70_000)
    }

    @Test(
        arguments: [ZipWriter.Compression.stored, .deflated(level: 1), .deflated(level: 9)], [Int.max, 1000])
    func aFileIsPackedIntoASubmission(_ compression: ZipWriter.Compression, _ threshold: Int) throws {
        let folder = try TemporaryFolder()
        try Self.npz(folder.path("pred.npz"), thresholds: .init())
        // Several pieces of the reader and of the deflater, compressible and not.
        var generator = SeededGenerator(seed: 5)
        let noise = (0..<1_500_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        try folder.write(noise + [UInt8](repeating: 7, count: 1_500_000), to: "large")
        try folder.write([], to: "empty")
        let path = folder.path("submission.zip")
        try Self.write(path) { output in
            let writer = ZipWriter(to: output, thresholds: .init(byteCount: min(threshold, Int(UInt32.max))))
            for name in ["pred.npz", "large", "empty"] {
                try writer.addFile(name, path: folder.path(name), compression: compression)
            }
            try writer.finish()
        }
        try Python.run(
            """
            import sys, zipfile
            z = zipfile.ZipFile(sys.argv[1] + "/submission.zip")
            assert z.testzip() is None and z.namelist() == ["pred.npz", "large", "empty"]
            for name in z.namelist():
                assert z.read(name) == open(sys.argv[1] + "/" + name, "rb").read()
            """, folder.path)
        if (try? Python.execute(["unzip", "-v"])) != nil { try Python.execute(["unzip", "-tq", path]) }
    }
}

@Suite("Writing and its faults")
struct WriterFaultTests {
    @Test func aFullDiskIsNamed() throws {
        let output = try FileWriter(creating: "/dev/full")
        let error = #expect(throws: ArrayFileError.self) {
            let writer = NpzWriter(to: output)
            try writer.add("a", shape: [1_000_000], bytes: [UInt8](repeating: 0, count: 1_000_000))
            try writer.finish()
            try output.finish()
        }
        #expect(error == ArrayFileError("/dev/full", .file(.failed(operation: .write, errorNumber: ENOSPC))))
    }

    @Test func aFullDiskIsNoticedAtTheEndAtTheLatest() throws {
        let output = try FileWriter(creating: "/dev/full")
        try output.write([1, 2, 3])
        #expect(throws: ArrayFileError("/dev/full", .file(.failed(operation: .write, errorNumber: ENOSPC)))) {
            try output.finish()
        }
    }

    @Test func aFolderCannotBeWritten() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ArrayFileError(folder.path, .file(.failed(operation: .open, errorNumber: EISDIR)))) {
            try FileWriter(creating: folder.path)
        }
    }

    @Test func keysAreUsedOnce() throws {
        let folder = try TemporaryFolder()
        let output = try FileWriter(creating: folder.path("a"))
        let writer = NpzWriter(to: output)
        try writer.add("a", shape: [1], bytes: [1])
        #expect(throws: ArrayFileError(folder.path("a"), .zip(.duplicateName("a.npy")))) {
            try writer.add("a", shape: [1], bytes: [1])
        }
        #expect(throws: ArrayFileError(folder.path("a"), .zip(.nameTooLong))) {
            try writer.add(String(repeating: "x", count: 65_532), shape: [1], bytes: [1])
        }
    }

    @Test func aDescriptorIsWrittenFromWhereItStands() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("content".utf8), to: "source")
        let descriptor = open(folder.path("a"), O_RDWR | O_CREAT, 0o600)
        #expect(write(descriptor, "head", 4) == 4)
        let output = FileWriter(descriptor: descriptor, path: "a")
        let writer = ZipWriter(to: output)
        try writer.addFile("name", path: folder.path("source"), compression: .stored)
        try writer.finish()
        try output.synchronize()
        try output.finish()
        #expect(close(descriptor) == 0)
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder.path("a"))))
        #expect(Array(bytes.prefix(8)) == Array("headPK".utf8) + [3, 4])
        #expect(bytes.count == 4 + output.byteCount)
        // The header was corrected in its place.
        #expect(Array(bytes[18..<22]) == little(crc32(Array("content".utf8))))
    }
}
