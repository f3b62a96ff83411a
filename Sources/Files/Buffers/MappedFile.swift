import Glibc

/// A regular file mapped into memory, read-only.
///
/// If somebody truncates the file while it is mapped, the next access to a missing page ends the process with
/// SIGBUS. This does not happen if the file is replaced by rename. ``currentByteCount()`` detects a
/// truncation beforehand, except for a race of microseconds.
// Unchecked: the memory is mapped before `init` returns, never written, and unmapped only in `deinit`.
package final class MappedFile: @unchecked Sendable {
    package let bytes: UnsafeRawBufferPointer
    private let file: Descriptor
    private let files = FileSystem()

    /// - Throws: `FileError`, also if the path is not that of a regular file.
    package init(_ path: Path) throws(FileError) {
        let opened = try files.openRegularFile(path: path)
        file = opened.file
        guard opened.byteCount > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let address = mmap(nil, opened.byteCount, PROT_READ, MAP_PRIVATE, file.rawValue, 0)
        guard let address, address != MAP_FAILED else { throw FileError(.read, path, Errno(errno)) }
        bytes = UnsafeRawBufferPointer(start: address, count: opened.byteCount)
    }

    deinit {
        if let address = bytes.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
        }
    }

    /// The file's current size in bytes, which is less than that of `bytes` if somebody truncated the file.
    package func currentByteCount() throws(FileError) -> Int {
        try files.status(of: file).byteCount
    }

    /// Releases a part that has been read. Its pages no longer count as this process's memory, and are loaded
    /// again if they are read again (madvise(2), `MADV_DONTNEED` on a read-only file mapping).
    package func forget(_ range: Range<Int>) {
        guard let address = bytes.baseAddress else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        guard start < end else { return }
        madvise(UnsafeMutableRawPointer(mutating: address + start), end - start, MADV_DONTNEED)
    }
}
