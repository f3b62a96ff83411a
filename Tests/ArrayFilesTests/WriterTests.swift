import ArrayFiles
import Files
import Foundation
import TestSupport
import Testing

@Suite("Writing and its faults")
struct WriterTests {
    @Test func aFullDiskIsNamed() throws {
        let output = FileWriter(Descriptor(open("/dev/full", O_WRONLY), path: "full"))
        #expect(throws: FileError(.write, "full", .noSpace)) {
            let writer = NpzWriter(to: output)
            try writer.add("a", shape: [1_000_000], bytes: [UInt8](repeating: 0, count: 1_000_000))
            try writer.finish()
            try output.flush()
        }
    }

    @Test func keysAreUsedOnce() throws {
        let folder = try TemporaryFolder()
        let path = Path(folder.path("a"))
        try AtomicFile.write(path) { output in
            let writer = NpzWriter(to: output)
            try writer.add("a", shape: [1], bytes: [1])
            #expect(throws: ArrayFileError(path, .zip(.duplicateName("a.npy")))) {
                try writer.add("a", shape: [1], bytes: [1])
            }
            #expect(throws: ArrayFileError(path, .zip(.nameTooLong))) {
                try writer.add(String(repeating: "x", count: 65_532), shape: [1], bytes: [1])
            }
        }
    }

    @Test func aStreamedFilesHeaderIsCorrectedInItsPlace() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("content".utf8), to: "source")
        let path = Path(folder.path("a"))
        try AtomicFile.write(path) { output in
            let writer = ZipWriter(to: output)
            try writer.addFile("name", path: Path(folder.path("source")), compression: .stored)
            try writer.finish()
        }
        let bytes = try WholeFiles.read(path)
        #expect(Array(bytes.prefix(4)) == Array("PK".utf8) + [3, 4])
        #expect(Array(bytes[14..<18]) == little(crc32(Array("content".utf8))))
    }
}
