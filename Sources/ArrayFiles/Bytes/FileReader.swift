import Files

/// Reads a regular file from front to back in pieces. It does not map the file, because the file may be
/// larger than memory should hold, and a truncation must give an error.
final class FileReader {
    /// The size when the file was opened.
    let byteCount: Int
    private let file: Descriptor
    private let files = FileSystem()
    private var position = 0

    private static let pieceByteCount = 1 << 20

    init(path: Path) throws(FileError) {
        (file, byteCount) = try files.openRegularFile(path: path)
    }

    /// Returns the next piece; nil after the last. Throws `ArrayFileError` if the file's size has changed.
    func next() throws -> [UInt8]? {
        let piece = try files.readPiece(file, limit: Self.pieceByteCount)
        position += piece.count
        guard piece.isEmpty ? position == byteCount : position <= byteCount else {
            throw ArrayFileError(file.path, .changedWhileCopied(byteCount: byteCount))
        }
        return piece.isEmpty ? nil : piece
    }
}
