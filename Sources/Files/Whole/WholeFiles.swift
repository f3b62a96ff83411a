/// Whole files and folders, as the tools need them.
package enum WholeFiles {
    private static let files = FileSystem()

    /// Everything a regular file holds. Refuses files larger than `limit` before reading them, and whatever is
    /// not a regular file.
    package static func read(_ path: Path, limit: Int = 4 << 30) throws(FileError) -> [UInt8] {
        let (file, byteCount) = try files.openRegularFile(path: path)
        guard byteCount <= limit else { throw FileError(.read, path, .fileTooLarge) }
        return try files.readPieces(file, expecting: byteCount)
    }

    /// Hands a file's bytes on in pieces.
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

    /// The first bytes of a regular file, at most `byteCount`: enough for a header.
    package static func readPrefix(_ path: Path, byteCount: Int) throws(FileError) -> [UInt8] {
        let (file, expected) = try files.openRegularFile(path: path)
        return try files.readPieces(file, expecting: expected, limit: byteCount)
    }

    /// What is at the path (links followed); nil where nothing is.
    package static func status(_ path: Path) throws(FileError) -> FileStatus? {
        try files.status(path: path)
    }

    /// Makes the folder and those above it.
    package static func createFolders(_ path: Path) throws(FileError) {
        try files.makeFolders(path: path)
    }

    /// Removes a file; one that is already gone is no error.
    package static func remove(_ path: Path) throws(FileError) {
        try files.remove(path: path)
    }

    /// True for a folder that holds nothing, not even a hidden file.
    package static func isEmpty(_ folder: Path) throws(FileError) -> Bool {
        try files.names(in: folder).isEmpty
    }

    /// The regular files below a folder, as paths relative to it, sorted by bytes. Hidden and temporary names
    /// are left out, links to folders are not followed (they may lead in circles).
    ///
    /// - Parameters:
    ///   - excluded: a folder that is left out with all it holds.
    ///   - isWanted: asked with the relative path of every file that is left.
    package static func regularFiles(
        below folder: Path, excluding excluded: FileIdentity? = nil,
        where isWanted: (Path) -> Bool = { _ in true }
    ) throws(FileError) -> [Path] {
        var found: [Path] = []
        var waiting: [Path] = [Path(bytes: [])]
        while let relative = waiting.popLast() {
            let parent = relative.bytes.isEmpty ? folder : folder.appending(relative)
            for name in try files.names(in: parent) where !isIgnored(name) {
                let entry = relative.appending(name)
                let path = folder.appending(entry)
                guard let status = try files.status(path: path) else { continue }
                if status.isFolder {
                    if status.identity != excluded, !files.isLink(path: path) {
                        waiting.append(entry)
                    }
                } else if status.isRegularFile, isWanted(entry) {
                    found.append(entry)
                }
            }
        }
        return found.sorted()
    }

    /// Names that hold no finished picture: hidden ones, and those that browsers, copy tools and desktops use.
    package static func isIgnored(_ name: Path) -> Bool { TemporaryNames.contains(name.bytes) }
}
