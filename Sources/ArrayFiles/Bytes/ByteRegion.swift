import Files

/// Bytes that never change and are freed with their last user: a mapped file, or memory into which a zip
/// entry was inflated. This is the only owner of raw memory in this target; all other code reads through
/// `ByteView`.
///
/// `checkIntact()` before each read reports an error if somebody has truncated a mapped file, except for a
/// race of microseconds (see `MappedFile`).
// Unchecked: the memory is written only before `init` returns, and freed only in `deinit`.
package final class ByteRegion: @unchecked Sendable {
    /// The file's path, for error messages.
    package let path: Path
    let bytes: UnsafeRawBufferPointer
    /// Nil if the region is memory.
    private let file: MappedFile?

    /// Maps a regular file.
    package init(mapping path: Path) throws(FileError) {
        let file = try MappedFile(path)
        self.path = path
        self.file = file
        bytes = file.bytes
    }

    /// Allocates `count` zeroed bytes, which `fill` writes before anybody reads them.
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

    /// Copies `contents`. Errors name the file by `path`.
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

    /// Releases a part of a mapped file that has been read: its pages no longer count as this process's
    /// memory.
    func forget(_ range: Range<Int>) {
        file?.forget(range)
    }

    /// The whole region.
    package var view: ByteView { ByteView(region: self, range: 0..<bytes.count) }
}
