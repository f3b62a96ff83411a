import Glibc

/// Bytes that never change and are freed with their last user: a mapped file, or memory that a zip entry was
/// inflated into. The only owner of raw memory in this target; everything else reads through `ByteView`.
///
/// A file that somebody cuts while it is mapped would end the process with SIGBUS on the next touch of a missing
/// page. `checkIntact()` before each read turns all but a race of microseconds into an error;
/// whoever replaces a file by rename, as one should, never meets it.
// Unchecked: the memory is written only before `init` returns, and freed only in `deinit`.
package final class ByteRegion: @unchecked Sendable {
    /// For error messages.
    package let path: String
    let bytes: UnsafeRawBufferPointer
    private let origin: Origin

    private enum Origin {
        case file(descriptor: Int32)
        case memory
    }

    /// Maps a regular file (`open`, `fstat`, `mmap`).
    package init(mapping path: String) throws(ArrayFileError) {
        // O_NONBLOCK: opening a fifo must not wait for a writer; it is refused below.
        let descriptor = retryingInterruption { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else {
            throw ArrayFileError(path, .file(.failed(operation: .open, errorNumber: errno)))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw ArrayFileError(path, .file(.failed(operation: .open, errorNumber: number)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw ArrayFileError(path, .file(.notRegular))
        }
        let byteCount = Int(status.st_size)
        if byteCount == 0 {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        } else {
            let address = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
            guard let address, address != MAP_FAILED else {
                let number = errno
                close(descriptor)
                throw ArrayFileError(path, .file(.failed(operation: .map, errorNumber: number)))
            }
            bytes = UnsafeRawBufferPointer(start: address, count: byteCount)
        }
        self.path = path
        origin = .file(descriptor: descriptor)
    }

    /// Memory of `count` bytes that `fill` writes before anybody reads; `fill` gets the zeroed memory.
    package init(
        path: String, count: Int, fill: (UnsafeMutableRawBufferPointer) throws(ArrayFileError) -> Void
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
        origin = .memory
    }

    /// A copy of `contents`, under a path that errors will name.
    package convenience init(copying contents: [UInt8], path: String) throws(ArrayFileError) {
        try self.init(path: path, count: contents.count) { memory throws(ArrayFileError) in
            memory.copyBytes(from: contents)
        }
    }

    deinit {
        switch origin {
        case .file(let descriptor):
            if let address = bytes.baseAddress {
                munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
            }
            close(descriptor)
        case .memory:
            bytes.deallocate()
        }
    }

    /// Throws if the mapped file has become shorter than it was.
    package func checkIntact() throws(ArrayFileError) {
        guard case .file(let descriptor) = origin else { return }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw ArrayFileError(path, .file(.failed(operation: .read, errorNumber: errno)))
        }
        guard Int(status.st_size) >= bytes.count else {
            throw ArrayFileError(
                path, .file(.cutWhileOpen(byteCount: bytes.count, found: Int(status.st_size))))
        }
    }

    /// Says that a part of a mapped file has been read: its pages no longer count as this process's memory, and
    /// come back by themselves if it is read again (madvise(2), `MADV_DONTNEED` on a read-only file mapping).
    func forget(_ range: Range<Int>) {
        guard case .file = origin, let address = bytes.baseAddress else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        guard start < end else { return }
        madvise(UnsafeMutableRawPointer(mutating: address + start), end - start, MADV_DONTNEED)
    }

    /// The whole region.
    package var view: ByteView { ByteView(region: self, range: 0..<bytes.count) }
}

/// Calls again while the call was interrupted by a signal.
func retryingInterruption<Result: FixedWidthInteger & SignedInteger>(_ call: () -> Result) -> Result {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}
