import Files
import Foundation
import TestSupport
import Testing

@Suite struct FileWriterTests {
    @Test func aFullDiskIsNoticedAtTheEndAtTheLatest() throws {
        let output = FileWriter(Descriptor(open("/dev/full", O_WRONLY), path: "full"))
        try output.write([1, 2, 3])
        #expect(throws: FileError(.write, "full", .noSpace)) { try output.flush() }
    }

    /// Pieces below, at and above the buffer's size.
    @Test(arguments: [1, 1 << 10, 1 << 18, (1 << 18) + 1])
    func whatIsWrittenIsThereInOrder(pieceByteCount: Int) throws {
        let folder = try TemporaryFolder()
        let path = Path(folder.path("a"))
        let piece = (0..<pieceByteCount).map { UInt8(truncatingIfNeeded: $0) }
        try AtomicFile.write(path) { output in
            for _ in 0..<3 { try output.write(piece) }
            #expect(output.byteCount == 3 * pieceByteCount)
            try output.overwrite([99], at: pieceByteCount)
        }
        var expected = piece + piece + piece
        expected[pieceByteCount] = 99
        #expect(try WholeFiles.read(path) == expected)
    }
}
