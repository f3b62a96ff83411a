import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Whole files")
struct WholeFilesTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-files")
    }

    @Test("finds regular files in order, without hidden and temporary ones, not through links to folders")
    func walk() throws {
        for sub in ["b", "b/c", ".hidden", "out"] {
            try WholeFiles.createFolders(Path(folder.path(sub)))
        }
        for name in [
            "z.png", "a.png", "b/1.png", "b/c/2.png", ".x.png", "y.png.part", "t.tmp", "e.png~", "Thumbs.db",
            ".hidden/3.png", "out/4.png",
        ] {
            try folder.write([1], to: name)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("loop"), withDestinationPath: folder.path)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link.png"), withDestinationPath: folder.path("a.png"))
        #expect(mkfifo(folder.path("pipe.png"), 0o600) == 0)

        let root = Path(folder.path)
        let excluded = try WholeFiles.status(Path(folder.path("out")))?.identity
        #expect(
            try WholeFiles.regularFiles(below: root, excluding: excluded)
                == ["a.png", "b/1.png", "b/c/2.png", "link.png", "z.png"])
        #expect(try WholeFiles.regularFiles(below: root) { $0.lowercasedExtension == "gif" }.isEmpty)
    }

    @Test("names that are not UTF-8 are found and read")
    func bytes() throws {
        let name = Path(bytes: [0x61, 0xE9, 0x2E, 0x70, 0x6E, 0x67])
        try AtomicFile.write([7], to: Path(folder.path).appending(name))
        #expect(try WholeFiles.regularFiles(below: Path(folder.path)) == [name])
        #expect(try WholeFiles.read(Path(folder.path).appending(name)) == [7])
    }

    @Test("refuses what is no regular file, at once, and what is beyond the limit")
    func refusals() throws {
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        let pipe = Path(folder.path("pipe"))
        #expect(throws: FileError(.read, pipe, .notRegular)) { try WholeFiles.read(pipe) }
        let root = Path(folder.path)
        #expect(throws: FileError(.read, root, .isAFolder)) { try WholeFiles.read(root) }
        let missing = Path(folder.path("missing"))
        #expect(throws: FileError(.openFile, missing, .noEntry)) { try WholeFiles.read(missing) }
        let big = Path(try folder.write([1, 2, 3], to: "big"))
        #expect(throws: FileError(.read, big, .fileTooLarge)) { try WholeFiles.read(big, limit: 2) }
    }

    @Test("makes folders, and complains where a file is in the way")
    func folders() throws {
        try WholeFiles.createFolders(Path(folder.path("a/b/c")))
        try WholeFiles.createFolders(Path(folder.path("a/b/c")))
        #expect(try WholeFiles.status(Path(folder.path("a/b/c")))?.isFolder == true)
        try folder.write([1], to: "file")
        #expect(throws: FileError.self) { try WholeFiles.createFolders(Path(folder.path("file/x"))) }
        #expect(try WholeFiles.status(Path(folder.path("file/x"))) == nil)
    }
}
