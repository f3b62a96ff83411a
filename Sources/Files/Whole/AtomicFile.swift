import Glibc
import Synchronization

/// A file that appears under its name only when it is complete. It is written under a temporary name in the
/// same folder, flushed and renamed; then the folder is flushed. Without `commit()` the temporary file is
/// removed.
package struct AtomicFile: ~Copyable {
    package let path: Path
    /// The path of the bytes until `commit()`: a hidden name beside the final one.
    package let temporaryPath: Path
    private let file: Descriptor
    private let files = FileSystem()

    /// Begins the file. An existing file stays until `commit()`. The folder must exist. A device, fifo or
    /// socket is refused, because a rename over /dev/null would remove it for everybody.
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

    /// A buffered writer to the file.
    package var writer: FileWriter { FileWriter(file) }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        try files.write(bytes, to: file)
    }

    /// Sets the file's mode as chmod(2) does, regardless of the umask.
    package func changeMode(to mode: UInt32) throws(FileError) {
        try files.changeMode(of: file, to: mode)
    }

    /// Makes what was written durable and visible under its name, in one step.
    ///
    /// - Parameter isDurable: false for a file that a power loss may destroy; then nothing waits for the
    ///   disk.
    package consuming func commit(isDurable: Bool = true) throws(FileError) {
        if isDurable { try files.sync(file) }
        try files.replace(path: path, by: temporaryPath)
        guard isDurable else { return }
        try files.syncFolder(files.openFolder(path: path.folder))
    }

    /// Writes a whole file atomically.
    package static func write(_ bytes: [UInt8], to path: Path) throws(FileError) {
        let file = try AtomicFile(path)
        try file.write(bytes)
        try file.commit()
    }

    /// Writes a whole file atomically through a buffer.
    package static func write(_ path: Path, _ body: (FileWriter) throws -> Void) throws {
        let file = try AtomicFile(path)
        let writer = file.writer
        try body(writer)
        try writer.flush()
        try file.commit()
    }

    /// Removes the temporary files that killed processes left beside a path. Nobody may be writing the file.
    package static func sweep(_ path: Path) {
        sweep(path.folder, prefix: temporaryPrefix(for: path))
    }

    /// Removes such temporary files of all files in a folder, but not in its subfolders.
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

    /// Returns a path that is unique in this process and among processes.
    private static func temporaryPath(for path: Path) -> Path {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let ending = "\(getpid())-\(number).tmp"
        return path.folder.appending(Path(bytes: temporaryPrefix(for: path) + Array(ending.utf8)))
    }

    /// The prefix hides the file, so that no scan takes it for a picture. Long names are cut, because the
    /// limit is 255 bytes.
    private static func temporaryPrefix(for path: Path) -> [UInt8] {
        [Path.dot] + ByteText.prefix(path.name.bytes, atMost: 200) + [Path.dot]
    }
}
