import Files
import Images

/// A regular file with a picture's name, as the walk through its folder found it. Links and special files are never
/// among them.
struct FoundPicture: Sendable {
    let folder: Path
    /// The path relative to the folder.
    let file: Path
    let status: FileStatus

    /// Finds all pictures of a folder and the folders below it, except in hidden and temporary ones. A folder below
    /// that cannot be read is left out.
    static func all(below folder: Path, excluding excluded: Path? = nil) throws(FileError) -> [FoundPicture] {
        var found: [FoundPicture] = []
        let excluded = try excluded.flatMap { path throws(FileError) in try WholeFiles.status(path)?.identity
        }
        try WholeFiles.eachRegularFile(below: folder, excluding: excluded) { file, status in
            if file.isPicture { found.append(FoundPicture(folder: folder, file: file, status: status)) }
        }
        return found
    }

    /// The path, for messages.
    var path: Path { folder.appending(file) }

    /// Identifies the file's content, so that what was measured of it can be found again.
    var mark: String {
        "\(file.displayText)/\(status.byteCount)/\(status.modified)/\(status.fingerprint.inode)"
    }

    /// Opens the file, without following a link that has taken its place.
    func open() throws(FileError) -> (file: Descriptor, byteCount: Int) {
        try WholeFiles.openRegularFile(file, below: folder, followingLink: false)
    }
}

extension Optional {
    /// The same as the library's, for typed errors.
    fileprivate func flatMap<Result, Failure: Error>(
        _ transform: (Wrapped) throws(Failure) -> Result?
    ) throws(Failure) -> Result? {
        guard let value = self else { return nil }
        return try transform(value)
    }
}
