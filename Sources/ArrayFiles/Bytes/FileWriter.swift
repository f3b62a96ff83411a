import Glibc

/// A file being written from front to back, through a buffer. Nothing is durable, and a full disk may go
/// unnoticed, before `finish()` has returned; whoever must publish atomically writes to a temporary name, calls
/// `synchronize()` and `finish()`, and renames.
///
/// Not for use from several threads at once.
package final class FileWriter {
    /// For error messages.
    package let path: String
    /// Bytes written so far, counted from where the writer began.
    package private(set) var byteCount = 0

    private let descriptor: Int32
    private let isOwner: Bool
    private let start: Int
    private var buffer: [UInt8] = []
    private var isFinished = false

    private static let bufferByteCount = 1 << 18

    /// Creates the file, or empties the one that is there.
    package init(creating path: String) throws(ArrayFileError) {
        descriptor = retryingInterruption { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else {
            throw ArrayFileError(path, .file(.failed(operation: .open, errorNumber: errno)))
        }
        self.path = path
        isOwner = true
        start = 0
        buffer.reserveCapacity(Self.bufferByteCount)
    }

    /// Writes through a descriptor that stays the caller's, from its present position; `path` is for messages.
    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        isOwner = false
        start = max(0, Int(lseek(descriptor, 0, SEEK_CUR)))
        buffer.reserveCapacity(Self.bufferByteCount)
    }

    deinit {
        if isOwner, !isFinished { close(descriptor) }
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws(ArrayFileError) {
        try write(bytes.span.bytes)
    }

    /// Appends bytes.
    package func write(_ bytes: RawSpan) throws(ArrayFileError) {
        precondition(!isFinished, "write after finish")
        byteCount += bytes.byteCount
        if bytes.byteCount > Self.bufferByteCount - buffer.count { try flush() }
        if bytes.byteCount >= Self.bufferByteCount {
            try send(bytes, at: nil)
        } else {
            bytes.withUnsafeBytes { buffer.append(contentsOf: $0) }
        }
    }

    /// Writes over bytes that were written before; the file must be seekable.
    func overwrite(_ bytes: [UInt8], at offset: Int) throws(ArrayFileError) {
        precondition(offset >= 0 && offset + bytes.count <= byteCount, "overwriting what was never written")
        try flush()
        try send(bytes.span.bytes, at: start + offset)
    }

    /// Hands everything to the kernel and waits until the disk has it (`fsync`).
    package func synchronize() throws(ArrayFileError) {
        try flush()
        guard retryingInterruption({ fsync(descriptor) }) == 0 else { throw failure(.synchronize) }
    }

    /// Hands everything to the kernel and closes the file if the writer opened it. Some file systems report a
    /// full disk only here.
    package func finish() throws(ArrayFileError) {
        guard !isFinished else { return }
        try flush()
        isFinished = true
        if isOwner, close(descriptor) != 0, errno != EINTR { throw failure(.close) }
    }

    private func flush() throws(ArrayFileError) {
        guard !buffer.isEmpty else { return }
        let pending = buffer
        buffer.removeAll(keepingCapacity: true)
        try send(pending.span.bytes, at: nil)
    }

    /// `write` or, with an offset, `pwrite`, until all is gone.
    private func send(_ bytes: RawSpan, at offset: Int?) throws(ArrayFileError) {
        var sent = 0
        while sent < bytes.byteCount {
            let count = bytes.withUnsafeBytes { memory in
                let rest = UnsafeRawBufferPointer(rebasing: memory[sent...])
                return retryingInterruption {
                    if let offset {
                        pwrite(descriptor, rest.baseAddress, rest.count, offset + sent)
                    } else {
                        Glibc.write(descriptor, rest.baseAddress, rest.count)
                    }
                }
            }
            guard count > 0 else { throw failure(.write) }
            sent += count
        }
    }

    private func failure(_ operation: FileProblem.Operation) -> ArrayFileError {
        ArrayFileError(path, .file(.failed(operation: operation, errorNumber: errno)))
    }
}
