import Files

/// Bytes that never change and are freed with their last user: a mapped file, or memory that a zip entry was
/// inflated into. The only owner of raw memory in this target; everything else reads through `ByteView`.
///
/// `checkIntact()` before each read turns all but a race of microseconds into an error where somebody cuts a mapped
/// file (see `MappedFile`).
// Unchecked: the memory is written only before `init` returns, and freed only in `deinit`.
package final class ByteRegion: @unchecked Sendable {
    /// For error messages.
    package let path: Path
    let bytes: UnsafeRawBufferPointer
    /// Nil for memory.
    private let file: MappedFile?

    /// Maps a regular file.
    package init(mapping path: Path) throws(FileError) {
        let file = try MappedFile(path)
        self.path = path
        self.file = file
        bytes = file.bytes
    }

    /// Memory of `count` bytes that `fill` writes before anybody reads; `fill` gets the zeroed memory.
    package init(
        path: Path, count: Int, fill: (UnsafeMutableRawBufferPointer) throws(ArrayFileError) -> Void
    ) throws(ArrayFileError) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        do throws(ArrayFileError) {
            try fill(memory)
        } catch {
            memory.deallocate()
            throw error
        }
        self.path = path
        bytes = UnsafeRawBufferPointer(memory)
        file = nil
    }

    /// A copy of `contents`, under a path that errors will name.
    package convenience init(copying contents: [UInt8], path: Path) throws(ArrayFileError) {
        try self.init(path: path, count: contents.count) { memory throws(ArrayFileError) in
            memory.copyBytes(from: contents)
        }
    }

    deinit {
        if file == nil { bytes.deallocate() }
    }

    /// Throws `ArrayFileError` if the mapped file has become shorter than it was.
    package func checkIntact() throws {
        guard let file else { return }
        let found = try file.currentByteCount()
        guard found >= bytes.count else {
            throw ArrayFileError(path, .cutWhileOpen(byteCount: bytes.count, found: found))
        }
    }

    /// Says that a part of a mapped file has been read: its pages no longer count as this process's memory.
    func forget(_ range: Range<Int>) {
        file?.forget(range)
    }

    /// The whole region.
    package var view: ByteView { ByteView(region: self, range: 0..<bytes.count) }
}
