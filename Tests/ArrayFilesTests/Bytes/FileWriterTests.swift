import ArrayFiles
import Foundation
import TestSupport
import Testing

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
