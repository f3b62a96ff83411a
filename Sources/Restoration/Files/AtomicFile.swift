import ArrayFiles
import Glibc
import Synchronization

/// A file that appears under its name only when it is whole: written under a temporary name in the same folder,
/// flushed, renamed, and the folder flushed. Without `commit()` the temporary file is removed again.
package struct AtomicFile: ~Copyable {
    package let path: Path
    /// Where the bytes are until `commit()`: a hidden name beside the final one.
    package let temporaryPath: Path
    private let file: FileDescriptor

    /// Begins the file; an existing one stays until `commit()`. The folder must exist. A device, a fifo or a socket is
    /// refused: renaming over /dev/null would take it away from everybody.
    package init(_ path: Path) throws(FileError) {
        self.path = path
        let temporary = Self.temporaryName(for: path)
        temporaryPath = temporary
        do {
            file = try TemporaryFiles.creating(temporary) { () throws(FileError) in
                if let existing = try FileSystem.status(path), !existing.isRegularFile, !existing.isFolder {
                    throw FileError(.create, path, code: FileError.notRegular)
                }
                return try FileSystem.open(temporary, O_WRONLY | O_CREAT | O_EXCL, for: .create)
            }
        } catch {
            // The name that was asked for says more than the temporary one.
            throw FileError(.create, path, code: error.code)
        }
    }

    deinit {
        // After `commit()` nothing has this name any more.
        try? FileSystem.remove(temporaryPath)
        TemporaryFiles.forget(temporaryPath)
    }

    /// For writers that want one; stays this file's.
    var descriptor: Int32 { file.raw }

    package func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        try file.write(bytes)
    }

    /// The file's mode, as for chmod(2), whatever the umask.
    package func changeMode(to mode: UInt32) throws(FileError) {
        try file.changeMode(to: mode)
    }

    /// Makes what was written durable and visible under its name, in one step.
    ///
    /// - Parameter isDurable: false for what a power loss may take: the disk is not waited for.
    package consuming func commit(isDurable: Bool = true) throws(FileError) {
        if isDurable { try file.sync() }
        try FileSystem.rename(temporaryPath, to: path)
        guard isDurable else { return }
        try FileSystem.open(path.folder, O_RDONLY | O_DIRECTORY).sync()
    }

    /// Writes a whole file this way.
    package static func write(_ bytes: some Collection<UInt8>, to path: Path) throws(FileError) {
        let file = try AtomicFile(path)
        try file.write(bytes)
        try file.commit()
    }

    /// Writes a file of arrays this way.
    package static func write(_ path: Path, _ body: (FileWriter) throws -> Void) throws {
        let file = try AtomicFile(path)
        let writer = FileWriter(descriptor: file.descriptor, path: path.description)
        try FileError.unifying {
            try body(writer)
            try writer.finish()
        }
        try file.commit()
    }

    /// Removes the temporary files that killed processes left beside a path. Only where nobody is writing it.
    package static func sweep(_ path: Path) {
        let prefix = [Path.dot] + path.name.bytes.prefix(200) + [Path.dot]
        for name in (try? FileSystem.names(in: path.folder)) ?? []
        where name.bytes.starts(with: prefix) && name.bytes.suffix(4).elementsEqual(".tmp".utf8) {
            try? FileSystem.remove(path.folder.appending(name))
        }
    }

    /// The same for all files of a folder, but for those in folders below it.
    package static func sweep(folder: Path) {
        for name in (try? FileSystem.names(in: folder)) ?? []
        where name.bytes.first == Path.dot && name.bytes.suffix(4).elementsEqual(".tmp".utf8) {
            try? FileSystem.remove(folder.appending(name))
        }
    }

    private static let counter = Atomic<Int>(0)

    /// Hidden, so that no scan takes it for a picture; unique in this process and among processes. Long names
    /// are cut: the limit is 255 bytes.
    private static func temporaryName(for path: Path) -> Path {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let suffix = ".\(getpid())-\(number).tmp"
        let stem = path.name.bytes.prefix(200)
        return path.folder.appending(Path(bytes: [Path.dot] + stem + Array(suffix.utf8)))
    }
}

/// The temporary files of this process that are neither renamed nor removed yet, for an interruption to sweep.
package enum TemporaryFiles {
    private static let open = Mutex<Set<Path>>([])

    /// Remembers the path and creates the file in one step: no sweep falls between the two.
    static func creating(
        _ path: Path, _ create: () throws(FileError) -> FileDescriptor
    ) throws(FileError) -> FileDescriptor {
        try open.withLock { paths throws(FileError) in
            let file = try create()
            paths.insert(path)
            return file
        }
    }

    static func forget(_ path: Path) {
        open.withLock { _ = $0.remove(path) }
    }

    /// Removes them all and calls `exit`, while nothing can begin another one. For the handler of Ctrl-C, on a
    /// thread of its own (not in a signal's context).
    package static func sweep(thenExit exit: () -> Never) -> Never {
        open.withLock { paths in
            for path in paths {
                try? FileSystem.remove(path)
            }
            exit()
        }
    }
}
