import Files

/// A picture in `failed/`, as it was when it was put there.
package struct GivenUp: Sendable {
    let name: RelativeName
    /// Below the spool's root: `failed`, or a folder for repeated names in it.
    let top: [FileName]
    let attempts: Int
    /// When it was claimed.
    let fingerprint: Fingerprint
    /// Time of the last change of its content, mode or name, once it was in `failed/`.
    let changed: Duration
}

/// The way back for pictures that were given up too early.
extension SpoolDisk {
    /// What lies in a folder of the spool under a picture's name; nil where nothing does.
    func status(of name: RelativeName, below top: [FileName]) throws(FileError) -> FileStatus? {
        do throws(FileError) {
            return try files.status(name.last, in: openFolder(top, name.folder))
        } catch {
            if error.errno == .noEntry { return nil }
            throw error
        }
    }

    /// Whether somebody who still had the file open has written to it since it was given up; nil where it is no longer
    /// in `failed/`.
    ///
    /// Filesystems that answer from a cache may change the time of a rename late, so there the fingerprint alone tells.
    func hasChanged(_ picture: GivenUp) throws(FileError) -> Bool? {
        guard let status = try status(of: picture.name, below: picture.top), status.kind == .regular,
            status.fingerprint.inode == picture.fingerprint.inode
        else { return nil }
        return status.fingerprint != picture.fingerprint || trustsLeases && status.changed != picture.changed
    }

    /// Moves a picture from `failed/` to the inbox or to a place in the spool, then removes its reason: a reason that is
    /// left alone is swept at the next start.
    ///
    /// - Parameter place: nil for the inbox.
    /// - Returns: what was moved; nil where it is gone, or where another picture has its name there.
    func takeBack(_ picture: GivenUp, to place: Place?) throws(FileError) -> FileStatus? {
        let name = picture.name
        do throws(FileError) {
            let source = try openFolder(picture.top, name.folder)
            let target =
                if let place { try makeFolder(place.folder, name.folder) } else {
                    try files.makeFolders(name.folder, below: openInbox())
                }
            try files.renameExclusively(name.last, in: source, to: name.last, in: target)
            try files.syncFolder(target)
            try files.remove(reasonName(for: name.last), in: source)
            try files.syncFolder(source)
            removeEmptyFolders(picture.top + name.folder)
            return try files.status(name.last, in: target)
        } catch {
            if [.exists, .noEntry].contains(error.errno) { return nil }
            throw error
        }
    }

    /// Removes folders of `failed/` as far as they are empty; `failed/` itself stays.
    private func removeEmptyFolders(_ path: [FileName]) {
        var path = path
        while path.count > 1, let last = path.popLast() {
            guard let parent = try? openFolder(path), (try? files.removeFolder(last, in: parent)) != nil
            else {
                return
            }
        }
    }
}
