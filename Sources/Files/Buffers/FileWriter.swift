/// A new file being written from front to back, through a buffer. Nothing is in the file for certain before `flush()`
/// has returned; `AtomicFile` makes it durable and visible.
///
/// Not for use from several threads at once.
package final class FileWriter {
    /// Bytes written so far.
    package private(set) var byteCount = 0

    private let file: Descriptor
    private let files = FileSystem()
    private var buffer: [UInt8] = []

    private static let bufferByteCount = 1 << 18

    /// - Parameter file: empty, and open for writing.
    package init(_ file: Descriptor) {
        self.file = file
        buffer.reserveCapacity(Self.bufferByteCount)
    }

    /// For error messages.
    package var path: Path { file.path }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws(FileError) {
        try write(bytes.span.bytes)
    }

    /// Appends bytes.
    package func write(_ bytes: RawSpan) throws(FileError) {
        byteCount += bytes.byteCount
        if bytes.byteCount > Self.bufferByteCount - buffer.count { try flush() }
        if bytes.byteCount >= Self.bufferByteCount {
            try files.write(bytes, to: file)
        } else {
            bytes.withUnsafeBytes { buffer.append(contentsOf: $0) }
        }
    }

    /// Writes over bytes that were written before; the file must be seekable.
    package func overwrite(_ bytes: [UInt8], at offset: Int) throws(FileError) {
        precondition(offset >= 0 && offset + bytes.count <= byteCount, "overwriting what was never written")
        try flush()
        try files.write(bytes.span.bytes, to: file, at: offset)
    }

    /// Hands everything to the kernel.
    package func flush() throws(FileError) {
        guard !buffer.isEmpty else { return }
        let pending = buffer
        buffer.removeAll(keepingCapacity: true)
        try files.write(pending, to: file)
    }
}
