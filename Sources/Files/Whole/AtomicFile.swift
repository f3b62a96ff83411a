import Glibc
import Synchronization

/// A file that appears under its name only when it is whole: written under a temporary name in the same folder,
/// flushed, renamed, and the folder flushed. Without `commit()` the temporary file is removed again.
package struct AtomicFile: ~Copyable {
    package let path: Path
    /// Where the bytes are until `commit()`: a hidden name beside the final one.
    package let temporaryPath: Path
    private let file: Descriptor
    private let files = FileSystem()

    /// Begins the file; an existing one stays until `commit()`. The folder must exist. A device, a fifo or a socket is
    /// refused: renaming over /dev/null would take it away from everybody.
    package init(_ path: Path) throws(FileError) {
        let files = files
        let temporary = Self.temporaryPath(for: path)
        do throws(FileError) {
            file = try TemporaryFiles.creating(temporary) { () throws(FileError) in
                if let existing = try files.status(path: path), !existing.isRegularFile, !existing.isFolder {
                    throw FileError(.createFile, path, .notRegular)
                }
                return try files.createFile(path: temporary, named: path)
            }
        } catch {
            throw FileError(.createFile, path, error.errno)
        }
        self.path = path
        temporaryPath = temporary
    }

    deinit {
        // After `commit()` nothing has this name any more.
        try? files.remove(path: temporaryPath)
        TemporaryFiles.forget(temporaryPath)
    }

    /// Writes the file through a buffer.
    package var writer: FileWriter { FileWriter(file) }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        try files.write(bytes, to: file)
    }

    /// The file's mode, as for chmod(2), whatever the umask.
    package func changeMode(to mode: UInt32) throws(FileError) {
        try files.changeMode(of: file, to: mode)
    }

    /// Makes what was written durable and visible under its name, in one step.
    ///
    /// - Parameter isDurable: false for what a power loss may take: the disk is not waited for.
    package consuming func commit(isDurable: Bool = true) throws(FileError) {
        if isDurable { try files.sync(file) }
        try files.replace(path: path, by: temporaryPath)
        guard isDurable else { return }
        try files.syncFolder(files.openFolder(path: path.folder))
    }

    /// Writes a whole file this way.
    package static func write(_ bytes: [UInt8], to path: Path) throws(FileError) {
        let file = try AtomicFile(path)
        try file.write(bytes)
        try file.commit()
    }

    /// Writes a whole file this way, through a buffer.
    package static func write(_ path: Path, _ body: (FileWriter) throws -> Void) throws {
        let file = try AtomicFile(path)
        let writer = file.writer
        try body(writer)
        try writer.flush()
        try file.commit()
    }

    /// Removes the temporary files that killed processes left beside a path. Only where nobody is writing it.
    package static func sweep(_ path: Path) {
        sweep(path.folder, prefix: temporaryPrefix(for: path))
    }

    /// The same for all files of a folder, but for those in folders below it.
    package static func sweep(folder: Path) {
        sweep(folder, prefix: [Path.dot])
    }

    private static func sweep(_ folder: Path, prefix: [UInt8]) {
        let files = FileSystem()
        for name in (try? files.names(in: folder)) ?? []
        where name.bytes.starts(with: prefix) && name.bytes.suffix(4).elementsEqual(".tmp".utf8) {
            try? files.remove(path: folder.appending(name))
        }
    }

    private static let counter = Atomic<Int>(0)

    /// Unique in this process and among processes.
    private static func temporaryPath(for path: Path) -> Path {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let ending = "\(getpid())-\(number).tmp"
        return path.folder.appending(Path(bytes: temporaryPrefix(for: path) + Array(ending.utf8)))
    }

    /// Hidden, so that no scan takes it for a picture. Long names are cut: the limit is 255 bytes.
    private static func temporaryPrefix(for path: Path) -> [UInt8] {
        [Path.dot] + ByteText.prefix(path.name.bytes, atMost: 200) + [Path.dot]
    }
}
