import ArrayFiles
import Glibc
import Restoration
import TestSupport
import Testing

@Suite("File errors")
struct FileErrorTests {
    @Test("what the system refuses to a file of arrays is a file error; faults of contents stay")
    func arrays() throws {
        let folder = try TemporaryFolder("promptir-file-error")
        let missing = Path(folder.path("missing.npy"))
        #expect(throws: FileError(.open, missing, code: ENOENT)) {
            try AtomicFile.write(Path(folder.path("out"))) { _ in _ = try NpyArray(path: missing.description)
            }
        }
        let text = try folder.write(Array("no array".utf8), to: "text.npy")
        #expect(throws: ArrayFileError.self) {
            try AtomicFile.write(Path(folder.path("out"))) { _ in _ = try NpyArray(path: text) }
        }
    }
}
