// Calls by path. Calls on what is open are Files's; here their failures become a `FileError`, which speaks of the
// path that a user gave. Every call is retried when a signal interrupts it.

import Files
import Glibc

/// What stat(2) says of an entry, as far as this target asks.
package struct FileStatus: Sendable, Equatable {
    package let isFolder: Bool
    package let isRegularFile: Bool
    package let byteCount: Int
    /// Nanoseconds since 1970.
    package let modified: Int64
    package let identity: FileIdentity
}

/// What makes two paths lead to the same file.
package struct FileIdentity: Sendable, Hashable {
    let device: UInt
    let inode: UInt
}

/// An open file, closed when its owner lets go of it.
struct FileDescriptor: ~Copyable {
    private let descriptor: Descriptor
    let path: Path

    private static let files = Files.FileSystem()

    init(raw: Int32, path: Path) {
        descriptor = Descriptor(raw, path: path.description)
        self.path = path
    }

    var raw: Int32 { descriptor.rawValue }

    private func perform<Result>(
        _ operation: FileError.Operation, _ body: (Descriptor) throws(SystemError) -> Result
    ) throws(FileError) -> Result {
        do throws(SystemError) {
            return try body(descriptor)
        } catch {
            throw FileError(operation, path, code: error.errno.rawValue)
        }
    }

    /// write(2) until everything is written.
    func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        let bytes = bytes as? [UInt8] ?? Array(bytes)
        try perform(.write) { file throws(SystemError) in try Self.files.write(bytes, to: file) }
    }

    /// fchmod(2).
    func changeMode(to mode: UInt32) throws(FileError) {
        try perform(.write) { file throws(SystemError) in try Self.files.changeMode(of: file, to: mode) }
    }

    /// fsync(2). After a failure the written pages may be lost: the file must be thrown away, not synced again.
    func sync() throws(FileError) {
        try perform(.sync) { file throws(SystemError) in try Self.files.sync(file) }
    }

    /// The names in a folder without "." and "..", in no order.
    func names() throws(FileError) -> [Path] {
        try perform(.list) { folder throws(SystemError) in
            var names: [Path] = []
            try Self.files.list(folder) { name throws(SystemError) in
                names.append(Path(bytes: name.bytes))
                return true
            }
            return names
        }
    }

    /// read(2) once; empty at the end of the file.
    func readPiece(limit: Int) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            repeat {
                let got = Glibc.read(raw, buffer.baseAddress, buffer.count)
                failure = got < 0 ? errno : 0
                count = max(got, 0)
            } while failure == EINTR
        }
        if failure != 0 {
            throw FileError(.read, path, code: failure)
        }
        return piece
    }

    /// read(2) until the end of the file.
    func readToEnd(sizeHint: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        // One byte more than expected: the read that meets the end needs no further round.
        var room = max(sizeHint, 0) + 1
        while true {
            let chunk = try readPiece(limit: room)
            if chunk.isEmpty {
                return bytes
            }
            bytes = bytes.isEmpty ? chunk : bytes + chunk
            room = 1 << 16
        }
    }

    /// read(2) until there are `byteCount` bytes or the file ends.
    func read(atMost byteCount: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < byteCount {
            let piece = try readPiece(limit: byteCount - bytes.count)
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    /// flock(2), exclusive, without waiting: false where another process holds the lock.
    func lock() throws(FileError) -> Bool {
        try perform(.open) { file throws(SystemError) in try Self.files.lockExclusively(file) }
    }

    func status() throws(FileError) -> FileStatus {
        var entry = stat()
        if repeating({ fstat(raw, &entry) }) != 0 {
            throw FileError(.examine, path, code: errno)
        }
        return FileStatus(entry)
    }
}

extension FileStatus {
    init(_ entry: stat) {
        isFolder = entry.st_mode & S_IFMT == S_IFDIR
        isRegularFile = entry.st_mode & S_IFMT == S_IFREG
        byteCount = Int(entry.st_size)
        modified = Int64(entry.st_mtim.tv_sec) * 1_000_000_000 + Int64(entry.st_mtim.tv_nsec)
        identity = FileIdentity(device: UInt(entry.st_dev), inode: UInt(entry.st_ino))
    }
}

/// Makes a call that answers 0 or fails, again when a signal interrupts it.
private func repeating(_ call: () -> Int32) -> Int32 {
    while true {
        let result = call()
        if result == 0 || errno != EINTR { return result }
    }
}

enum FileSystem {
    /// open(2), closed on exec.
    static func open(
        _ path: Path, _ flags: Int32, mode: mode_t = 0o644, for operation: FileError.Operation = .open
    ) throws(FileError) -> FileDescriptor {
        while true {
            let raw = path.withCString { Glibc.open($0, flags | O_CLOEXEC, mode) }
            if raw >= 0 {
                return FileDescriptor(raw: raw, path: path)
            }
            if errno != EINTR {
                throw FileError(operation, path, code: errno)
            }
        }
    }

    /// stat(2): follows symbolic links. Nil where there is no such entry.
    static func status(_ path: Path) throws(FileError) -> FileStatus? {
        var entry = stat()
        if path.withCString({ path in repeating { stat(path, &entry) } }) == 0 {
            return FileStatus(entry)
        }
        if errno == ENOENT || errno == ENOTDIR {
            return nil
        }
        throw FileError(.examine, path, code: errno)
    }

    /// True for a symbolic link itself, whatever it points to.
    static func isLink(_ path: Path) -> Bool {
        var entry = stat()
        return path.withCString { lstat($0, &entry) } == 0 && entry.st_mode & S_IFMT == S_IFLNK
    }

    static func rename(_ old: Path, to new: Path) throws(FileError) {
        let result = old.withCString { old in
            new.withCString { new in repeating { Glibc.rename(old, new) } }
        }
        if result != 0 {
            throw FileError(.rename, new, code: errno)
        }
    }

    /// unlink(2); a file that is already gone is no error.
    static func remove(_ path: Path) throws(FileError) {
        if path.withCString({ path in repeating { unlink(path) } }) != 0, errno != ENOENT {
            throw FileError(.remove, path, code: errno)
        }
    }

    /// mkdir(2) for the folder and everything above it that is missing.
    static func createFolders(_ path: Path) throws(FileError) {
        if let found = try status(path) {
            if found.isFolder { return }
            throw FileError(.create, path, code: ENOTDIR)
        }
        if path.folder != path {
            try createFolders(path.folder)
        }
        if path.withCString({ path in repeating { mkdir(path, 0o777) } }) != 0, errno != EEXIST {
            throw FileError(.create, path, code: errno)
        }
    }

    /// The names in a folder without "." and "..", sorted by bytes.
    static func names(in folder: Path) throws(FileError) -> [Path] {
        try open(folder, O_RDONLY | O_DIRECTORY, for: .list).names().sorted()
    }

    /// readlink(2); nil where the link cannot be read.
    static func target(ofLink path: Path) -> Path? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            let got = path.withCString { link in
                buffer.withMemoryRebound(to: CChar.self) { room in
                    room.baseAddress.map { readlink(link, $0, room.count) } ?? -1
                }
            }
            failed = got < 0
            count = max(got, 0)
        }
        return failed ? nil : Path(bytes: bytes)
    }
}

extension Path {
    /// The path with a zero byte at its end, for one call.
    fileprivate func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            // The array is never empty, it ends with its zero.
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
