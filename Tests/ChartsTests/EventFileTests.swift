import Charts
import Files
import Foundation
import Images
import TestSupport
import Testing

@Suite("Event files")
struct EventFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-events")
    }

    private var path: Path { Path(folder.path) }

    private func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0..<$0 + 2]), radix: 16)
        }
    }

    /// Written by TensorBoard 2.21's `RecordWriter` from its own messages.
    private static let version =
        "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9"
    private static let scalars =
        "3c00000000000000c8b7a3520900002040fc54d94110ac022a2e0a140a0d747261696e696e672f6c6f737315"
        + "0000003e0a160a0f76616c69646174696f6e2f70736e72150000e6412b2ba595"
    private static let image =
        "2700000000000000bbe1b1460900004040fc54d94110ac022a190a170a0773616d706c6573220c"
        + "0802100318032204504e4721f7ebab7c"

    @Test("The checksum is that of RFC 3720, appendix B.4")
    func checksum() {
        #expect(MaskedCRC32C.crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(MaskedCRC32C.crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(MaskedCRC32C.crc32c(0..<32 as Range<UInt8>) == 0x46DD_794E)
        #expect(MaskedCRC32C.crc32c("123456789".utf8) == 0xE306_9283)
    }

    @Test("The bytes are those that TensorBoard writes")
    func golden() throws {
        let file = try EventFile(in: path, keepingThrough: nil, wallTime: 1_700_000_000.25)
        try file.add(
            scalars: [("training/loss", 0.125), ("validation/psnr", 28.75)], step: 300,
            wallTime: 1_700_000_000.5)
        try file.add(
            png: Array("PNG!".utf8), size: (width: 3, height: 2), tag: "samples", step: 300,
            wallTime: 1_700_000_001)
        #expect(file.path == path.appending("events.out.tfevents.1700000000.promptir"))
        #expect(try WholeFiles.read(file.path) == bytes(Self.version + Self.scalars + Self.image))
    }

    /// Steps 0, 10, … 50, as `keepingThrough` finds them.
    private func write() throws -> [UInt8] {
        let file = try EventFile(in: path, keepingThrough: nil, wallTime: 1)
        for step in stride(from: 0, through: 50, by: 10) {
            try file.add(scalars: [("loss", Double(step))], step: step, wallTime: 2)
        }
        return try WholeFiles.read(file.path)
    }

    @Test(
        "A resumed file drops later steps and goes on as if nothing had happened",
        arguments: [0, 25, 30, 50, 99])
    func resumed(step: Int) throws {
        let whole = try write()
        let file = try EventFile(in: path, keepingThrough: step, wallTime: 77)
        for later in stride(from: 0, through: 50, by: 10) where later > step {
            try file.add(scalars: [("loss", Double(later))], step: later, wallTime: 2)
        }
        #expect(try WholeFiles.read(file.path) == whole)
    }

    @Test("A file torn anywhere is resumed")
    func torn() throws {
        let whole = try write()
        let name = path.appending("events.out.tfevents.1.promptir")
        for count in 0..<whole.count {
            try AtomicFile.write(Array(whole.prefix(count)), to: name)
            let file = try EventFile(in: path, keepingThrough: 100, wallTime: 1)
            let kept = try WholeFiles.read(file.path)
            // Whole records, and nothing after them; at the least the version.
            #expect(
                whole.starts(with: kept) && kept.count <= max(count, 40) && kept.count > max(count, 40) - 100)
        }
    }

    @Test("A damaged record ends what is kept")
    func damaged() throws {
        var whole = try write()
        whole[60] ^= 1
        let name = path.appending("events.out.tfevents.1.promptir")
        try AtomicFile.write(whole, to: name)
        let file = try EventFile(in: path, keepingThrough: 100, wallTime: 1)
        #expect(try WholeFiles.read(file.path).count == 40)
    }

    @Test(
        "TensorBoard reads scalars and pictures", .enabled(if: TensorBoard.isInstalled, TensorBoard.absence))
    func tensorBoard() throws {
        let picture = RGBPixels(width: 3, height: 2, samples: .init(repeating: 200, count: 18)).picture
        let png = try PictureCodec.encode(picture, format: .png)
        do {
            let file = try EventFile(in: path, keepingThrough: nil)
            for step in 1...5 { try file.add(scalars: [("loss", 1 / Double(step))], step: step) }
            try file.add(png: png, size: (width: 3, height: 2), tag: "samples", step: 2)
        }
        let resumed = try EventFile(in: path, keepingThrough: 3)
        try resumed.add(scalars: [("loss", 0.5), ("psnr", 20.25)], step: 4)
        try resumed.add(png: png, size: (width: 3, height: 2), tag: "samples", step: 4)
        let found = try TensorBoard.read(folder.path)
        #expect(found.scalars["loss"] == [[1, 1], [2, 0.5], [3, Double(Float(1) / 3)], [4, 0.5]])
        #expect(found.scalars["psnr"] == [[4, 20.25]])
        #expect(found.images["samples"] == [[4, 3, 2, png.count]])
    }
}

/// TensorBoard's own reader; `PYTHON` names a python3 that has it.
private enum TensorBoard {
    struct Found: Decodable {
        var scalars: [String: [[Double]]]
        var images: [String: [[Int]]]
    }

    static let absence: Comment = "needs a python3 with tensorboard (PYTHON names one)"

    static let isInstalled: Bool = (try? run(["-c", "import tensorboard"]).status) == 0

    static func read(_ folder: String) throws -> Found {
        let script = SharedFolder.packageRoot.appendingPathComponent("Tests/EndToEnd/read_events.py").path
        return try JSONDecoder().decode(Found.self, from: try run([script, folder]).output)
    }

    private static func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
        let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
