import Glibc

/// A file that grows at its end, as logs and metrics do: every `write` is one append, which readers see at once.
/// Not atomic; whoever resumes drops a torn last record.
package struct AppendFile: ~Copyable {
    private let file: FileDescriptor

    /// Opens the file, or makes it.
    package init(_ path: Path) throws(FileError) {
        file = try FileSystem.open(path, O_WRONLY | O_CREAT | O_APPEND, for: .create)
    }

    package func write(_ bytes: some Collection<UInt8>) throws(FileError) {
        try file.write(bytes)
    }

    /// Makes what was written durable.
    package func sync() throws(FileError) {
        try file.sync()
    }
}
