/// A file that grows at its end, such as a log. Every `write` is one append, which readers see at once. It is
/// not atomic, so a reader that resumes must drop an incomplete last record.
package struct AppendFile: ~Copyable {
    private let file: Descriptor
    private let files = FileSystem()

    /// Opens the file, and creates it if it is missing.
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
