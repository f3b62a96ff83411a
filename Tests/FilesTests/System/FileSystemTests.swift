import Files
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct FileSystemTests {
    private let files = FileSystem()
    private let folder: TemporaryFolder
    private var root: Path { Path(folder.path) }

    init() throws {
        folder = try TemporaryFolder("promptir-file-system")
    }

    @Test func anInterruptedCallIsRepeated() throws {
        let calls = Atomic(0)
        let interrupted = FileSystem { _ in
            calls.add(1, ordering: .relaxed).newValue < 3 ? .interrupted : nil
        }
        _ = try interrupted.openFolder(path: root)
        let count = calls.load(ordering: .relaxed)
        #expect(count == 3)
    }

    @Test func anInjectedFaultIsTheCallsFailure() {
        let broken = FileSystem { $0 == .openFolder ? .inputOutput : nil }
        #expect(throws: FileError(.openFolder, root, .inputOutput)) { try broken.openFolder(path: root) }
    }

    @Test func namesBelowAFolderFollowNoLink() throws {
        let name = Path(bytes: [0xE9])
        try WholeFiles.createFolders(root.appending(name))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path)
        let open = try files.openFolder(path: root)
        #expect(
            try files.openFolder(#require(FileName(bytes: name.bytes)), in: open).path == root.appending(name)
        )
        #expect(throws: FileError.self) { try files.openFolder(FileName(literal: "link"), in: open) }
        #expect(try files.openFolder(path: root.appending("link")).path == root.appending("link"))
        #expect(files.realPath(root.appending("link")) == files.realPath(root))
        #expect(files.target(ofLink: root.appending("link")) == root)
    }

    @Test func aMissingFolderIsMadeButNoneAboveIt() throws {
        _ = try files.openOrMakeFolder(path: root.appending("new"))
        #expect(try files.status(path: root.appending("new"))?.isFolder == true)
        #expect(throws: FileError(.makeFolder, root.appending("a/b"), .noEntry)) {
            try files.openOrMakeFolder(path: root.appending("a/b"))
        }
    }

    @Test func aLockIsHeldByOne() throws {
        func isFree() throws -> Bool {
            guard let lock = try FolderLock.take(root) else { return false }
            _ = consume lock
            return true
        }
        guard let lock = try FolderLock.take(root) else {
            Issue.record("a lock that nobody holds")
            return
        }
        #expect(try !isFree())
        _ = consume lock
        #expect(try isFree())
    }

    @Test func appendedBytesStandAtTheEnd() throws {
        let path = root.appending("log")
        try AtomicFile.write([1], to: path)
        let file = try AppendFile(path)
        try file.write([2, 3])
        try file.sync()
        #expect(try WholeFiles.read(path) == [1, 2, 3])
    }

    @Test func aMappedFileTellsThatItWasCut() throws {
        let path = root.appending("mapped")
        try AtomicFile.write([UInt8](repeating: 7, count: 100_000), to: path)
        let mapped = try MappedFile(path)
        #expect(mapped.bytes.count == 100_000 && mapped.bytes[99_999] == 7)
        mapped.forget(0..<100_000)
        #expect(mapped.bytes[4096] == 7)
        #expect(truncate(folder.path("mapped"), 10) == 0)
        #expect(try mapped.currentByteCount() == 10)
        #expect(throws: FileError(.read, root, .isAFolder)) { try MappedFile(root) }
    }
}
