import Glibc

/// A regular file read from front to back in pieces. Reads, not a mapping: the file may be larger than memory
/// should hold, and one that is cut meanwhile gives an error.
final class FileReader {
    /// Size when it was opened.
    let byteCount: Int
    private let path: String
    private let descriptor: Int32
    private var position = 0

    private static let pieceByteCount = 1 << 20

    init(path: String) throws(ArrayFileError) {
        let descriptor = retryingInterruption { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else {
            throw ArrayFileError(path, .file(.failed(operation: .open, errorNumber: errno)))
        }
        self.path = path
        self.descriptor = descriptor
        var status = stat()
        let result = fstat(descriptor, &status)
        byteCount = Int(status.st_size)
        guard result == 0 else {
            throw ArrayFileError(path, .file(.failed(operation: .open, errorNumber: errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw ArrayFileError(path, .file(.notRegular)) }
    }

    deinit { close(descriptor) }

    /// The next piece; nil after the last. Throws if the file is not as long as it was.
    func next() throws(ArrayFileError) -> [UInt8]? {
        var failure: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceByteCount) { buffer, count in
            let received = retryingInterruption { read(descriptor, buffer.baseAddress, buffer.count) }
            if received < 0 { failure = errno }
            count = max(0, received)
        }
        guard failure == 0 else {
            throw ArrayFileError(path, .file(.failed(operation: .read, errorNumber: failure)))
        }
        position += piece.count
        guard piece.isEmpty ? position == byteCount : position <= byteCount else {
            throw ArrayFileError(path, .file(.changedWhileCopied(byteCount: byteCount)))
        }
        return piece.isEmpty ? nil : piece
    }
}
