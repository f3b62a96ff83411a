import ArrayFiles
import Files
import Foundation
import TestSupport
import Testing

@Suite("Writing numpy's arrays", .enabled(if: Python.isPresent, Python.absence))
struct NpyWritingTests {
    private static func write(_ path: String, _ body: (FileWriter) throws -> Void) throws {
        try AtomicFile.write(Path(path), body)
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
            #expect(try NpyArray(path: Path(folder.path("ours.npy"))) == array)
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
        #expect(try NpzFile(path: Path(folder.path("ours.npz"))).array(named: "1.jpg").shape == [3, 5, 7])
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
        let npz = try NpzFile(path: Path(path))
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
        #expect(try NpzFile(path: Path(path)).names.count == 70_000)
    }

    @Test(
        arguments: [ZipWriter.Compression.stored, .deflated], [Int.max, 1000])
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
                try writer.addFile(name, path: Path(folder.path(name)), compression: compression)
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
