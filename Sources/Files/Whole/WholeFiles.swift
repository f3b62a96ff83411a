/// Reads, finds and removes whole files and folders.
package enum WholeFiles {
    static let files = FileSystem()

    /// Reads a regular file. Files larger than `limit` bytes are refused before they are read, and so is
    /// anything but a regular file.
    package static func read(_ path: Path, limit: Int = 4 << 30) throws(FileError) -> [UInt8] {
        let (file, byteCount) = try files.openRegularFile(path: path)
        guard byteCount <= limit else { throw FileError(.read, path, .fileTooLarge) }
        return try files.readPieces(file, expecting: byteCount)
    }

    /// Passes a file's bytes to `body` in pieces.
    package static func read(
        _ path: Path, inPiecesOf limit: Int, _ body: ([UInt8]) -> Void
    ) throws(FileError) {
        let file = try files.openFile(path: path)
        while true {
            let piece = try files.readPiece(file, limit: limit)
            if piece.isEmpty { return }
            body(piece)
        }
    }

    /// Reads the first bytes of a regular file, at most `byteCount`, which is enough for a header.
    package static func readPrefix(_ path: Path, byteCount: Int) throws(FileError) -> [UInt8] {
        let (file, expected) = try files.openRegularFile(path: path)
        return try files.readPieces(file, expecting: expected, limit: byteCount)
    }

    /// Returns the status of what is at the path, following links; nil if nothing is there.
    package static func status(_ path: Path) throws(FileError) -> FileStatus? {
        try files.status(path: path)
    }

    /// Creates the folder and its missing parents.
    package static func createFolders(_ path: Path) throws(FileError) {
        try files.makeFolders(path: path)
    }

    /// Removes a file. A missing file is no error.
    package static func remove(_ path: Path) throws(FileError) {
        try files.remove(path: path)
    }

    /// Whether the folder contains nothing, not even a hidden file.
    package static func isEmpty(_ folder: Path) throws(FileError) -> Bool {
        try files.names(in: folder).isEmpty
    }

    /// Whether the name is not that of a finished picture: hidden, or used by browsers, copy tools or
    /// desktops.
    package static func isIgnored(_ name: Path) -> Bool { TemporaryNames.contains(name.bytes) }
}
