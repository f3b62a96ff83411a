/// A file that grows at its end, as logs and metrics do: every `write` is one append, which readers see at once.
/// Not atomic; whoever resumes drops a torn last record.
package struct AppendFile: ~Copyable {
    private let file: Descriptor
    private let files = FileSystem()

    /// Opens the file, or makes it.
    package init(_ path: Path) throws(FileError) {
        file = try files.openForAppending(path: path)
    }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        try files.write(bytes, to: file)
    }

    /// Makes what was written durable.
    package func sync() throws(FileError) {
        try files.sync(file)
    }
}
