import Files
import Images

/// A regular file with a picture's name, as the walk through its folder found it. Links and special files are never
/// among them.
struct FoundPicture: Sendable {
    let folder: Path
    /// The path relative to the folder.
    let file: Path
    let status: FileStatus

    /// Passes all pictures of a folder and the folders below it to `body`, except those in hidden and temporary ones.
    ///
    /// - Returns: the number of folders below that cannot be read, and are left out.
    static func each(
        below folder: Path, excluding excluded: Path? = nil, _ body: (FoundPicture) -> Void
    ) throws(FileError) -> Int {
        var identity: FileIdentity?
        if let excluded { identity = try WholeFiles.status(excluded)?.identity }
        var unreadableCount = 0
        try WholeFiles.eachRegularFile(below: folder, excluding: identity) { file, status in
            if file.isPicture { body(FoundPicture(folder: folder, file: file, status: status)) }
        } leavingOut: { _, _ in
            unreadableCount += 1
        }
        return unreadableCount
    }

    /// Does the same, unless the folder is missing.
    static func eachIfPresent(below folder: Path, _ body: (FoundPicture) -> Void) throws(FileError) -> Int {
        do throws(FileError) {
            return try each(below: folder, body)
        } catch {
            if error.errno == .noEntry { return 0 }
            throw error
        }
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

/// The pictures that came to their folders last. However many there are, it holds few more than it is to keep.
struct LatestPictures {
    private let maximumCount: Int
    private var found: [FoundPicture] = []
    private(set) var totalCount = 0

    init(_ maximumCount: Int) {
        self.maximumCount = maximumCount
    }

    mutating func add(_ picture: FoundPicture) {
        totalCount += 1
        found.append(picture)
        if found.count > 2 * maximumCount { found = pictures }
    }

    /// The latest first; those of the same time by name.
    var pictures: [FoundPicture] {
        let sorted = found.sorted {
            ($1.status.changed, $0.file) < ($0.status.changed, $1.file)
        }
        return Array(sorted.prefix(maximumCount))
    }
}
