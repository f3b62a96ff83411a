import Files

/// A regular file read from front to back in pieces. Reads, not a mapping: the file may be larger than memory
/// should hold, and one that is cut meanwhile gives an error.
final class FileReader {
    /// Size when it was opened.
    let byteCount: Int
    private let file: Descriptor
    private let files = FileSystem()
    private var position = 0

    private static let pieceByteCount = 1 << 20

    init(path: Path) throws(FileError) {
        (file, byteCount) = try files.openRegularFile(path: path)
    }

    /// The next piece; nil after the last. Throws `ArrayFileError` if the file is not as long as it was.
    func next() throws -> [UInt8]? {
        let piece = try files.readPiece(file, limit: Self.pieceByteCount)
        position += piece.count
        guard piece.isEmpty ? position == byteCount : position <= byteCount else {
            throw ArrayFileError(file.path, .changedWhileCopied(byteCount: byteCount))
        }
        return piece.isEmpty ? nil : piece
    }
}
