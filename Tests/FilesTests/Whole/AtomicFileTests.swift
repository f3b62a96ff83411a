import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Atomic files")
struct AtomicFileTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-atomic")
    }

    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []
    }

    @Test("writes, replaces, and leaves nothing else behind", arguments: [0, 1, 70_000])
    func write(count: Int) throws {
        let path = Path(folder.path("out.bin"))
        try folder.write([9, 9, 9], to: "out.bin")
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        try AtomicFile.write(bytes, to: path)
        #expect(try WholeFiles.read(path) == bytes)
        #expect(names == ["out.bin"])
    }

    @Test("without commit the old file stays and the temporary one goes")
    func abandoned() throws {
        let path = Path(folder.path("out.bin"))
        try folder.write([1], to: "out.bin")
        do {
            let file = try AtomicFile(path)
            try file.write([2, 3])
            #expect(WholeFiles.isIgnored(file.temporaryPath.name))
            #expect(names.count == 2)
        }
        #expect(try WholeFiles.read(path) == [1])
        #expect(names == ["out.bin"])
    }

    @Test("names of 255 bytes work")
    func longName() throws {
        let name = String(repeating: "x", count: 251) + ".png"
        try AtomicFile.write([1], to: Path(folder.path(name)))
        #expect(names == [name])
    }

    @Test("long names are not cut inside a character")
    func longNameOfWideCharacters() throws {
        let path = Path(folder.path).appending(Path(String(repeating: "雨", count: 84)))
        let file = try AtomicFile(path)
        #expect(file.temporaryPath.text != nil)
        try file.commit()
        #expect(try WholeFiles.status(path) != nil)
    }

    @Test("a name that is not UTF-8 is the name that is swept")
    func sweeping() throws {
        let path = Path(folder.path).appending(Path(bytes: [0x61, 0xE9]))
        let remnant = Path(folder.path).appending(Path(bytes: [0x2E, 0x61, 0xE9] + Array(".12-1.tmp".utf8)))
        let other = Path(folder.path).appending(".a.12-1.tmp")
        for name in [remnant, other] { try AtomicFile.write([], to: name) }
        AtomicFile.sweep(path)
        #expect(try WholeFiles.status(remnant) == nil && WholeFiles.status(other) != nil)
    }

    @Test("errors name operation and path; a missing folder is no environmental fault")
    func missingFolder() {
        let path = Path(folder.path("no/such/out.bin"))
        #expect(throws: FileError(.createFile, path, .noEntry)) { try AtomicFile.write([1], to: path) }
        #expect(!FileError(.createFile, path, .noEntry).isEnvironmental)
        #expect(FileError(.write, path, .noSpace).isEnvironmental)
        #expect(FileError(.write, path, .noSpace).description.contains("make room"))
    }

    @Test("a fifo, as any device, in the file's place stays what it is; the error says why")
    func fifoInTheWay() throws {
        #expect(mkfifo(folder.path("out.bin"), 0o600) == 0)
        let path = Path(folder.path("out.bin"))
        let error = #expect(throws: FileError.self) { try AtomicFile.write([1], to: path) }
        #expect(error == FileError(.createFile, path, .notRegular))
        #expect(error?.description.contains("neither a file nor a folder") == true)
        #expect(try WholeFiles.status(path)?.isRegularFile == false)
        #expect(names == ["out.bin"])
    }

    @Test("a folder in the file's place is refused and the temporary file removed")
    func folderInTheWay() throws {
        try WholeFiles.createFolders(Path(folder.path("out.bin")))
        #expect(throws: FileError(.replace, Path(folder.path("out.bin")), .isAFolder)) {
            try AtomicFile.write([1], to: Path(folder.path("out.bin")))
        }
        #expect(names == ["out.bin"])
    }
}
