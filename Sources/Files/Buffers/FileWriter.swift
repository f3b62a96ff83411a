/// Writes a new file from front to back, through a buffer. Bytes are certain to be in the file only after
/// `flush()` has returned; `AtomicFile` makes the file durable and visible.
///
/// A writer must not be used from several threads at once.
package final class FileWriter {
    /// The number of bytes written so far.
    package private(set) var byteCount = 0

    private let file: Descriptor
    private let files = FileSystem()
    private var buffer: [UInt8] = []

    private static let bufferByteCount = 1 << 18

    /// - Parameter file: an empty file, open for writing.
    package init(_ file: Descriptor) {
        self.file = file
        buffer.reserveCapacity(Self.bufferByteCount)
    }

    /// The file's path, for error messages.
    package var path: Path { file.path }

    package func write(_ bytes: [UInt8]) throws(FileError) {
        try write(bytes.span.bytes)
    }

    package func write(_ bytes: RawSpan) throws(FileError) {
        byteCount += bytes.byteCount
        if bytes.byteCount > Self.bufferByteCount - buffer.count { try flush() }
        if bytes.byteCount >= Self.bufferByteCount {
            try files.write(bytes, to: file)
        } else {
            bytes.withUnsafeBytes { buffer.append(contentsOf: $0) }
        }
    }

    /// Overwrites bytes that were written before. The file must be seekable.
    package func overwrite(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        precondition(offset >= 0 && offset + bytes.count <= byteCount, "overwriting what was never written")
        try flush()
        try files.write(bytes.span.bytes, to: file, at: offset)
    }

    /// Passes all buffered bytes to the kernel.
    package func flush() throws(FileError) {
        guard !buffer.isEmpty else { return }
        let pending = buffer
        buffer.removeAll(keepingCapacity: true)
        try files.write(pending, to: file)
    }
}
