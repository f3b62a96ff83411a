import Files

/// Takes pictures out of folders that this user may read but not change, such as a folder that somebody copied into the
/// inbox: by copy. The original stays where it is, and a record says which content was copied, and into which file.
extension SpoolDisk {
    private static let pieceByteCount = 1 << 20

    /// Whether names may be taken out of a folder, as far as its mode tells. Where they may, a refusal concerns one file.
    func isWritable(_ folder: Descriptor) -> Bool {
        do throws(FileError) {
            try files.checkWritable(folder)
            return true
        } catch {
            return error.errno.cause != .permission
        }
    }

    /// Claims a picture by copying it into its folder in `claimed/`, durably; then the record is written. A crash in
    /// between leaves both: the picture is restored again, to the same bytes and name.
    ///
    /// - Parameter file: the original, which the worker reads, so that a change of it is noticed as always.
    func takeCopy(
        _ name: RelativeName, _ file: Descriptor, _ expected: Fingerprint, to folder: Descriptor
    ) throws(FileError) -> ClaimResult {
        if try isCopied(name, expected) { return .refused(.alreadyDone) }
        guard expected.byteCount <= options.maximumInputByteCount else {
            let limit = "only files of at most \(options.maximumInputByteCount) bytes are copied"
            return .refused(.unusable("cannot remove \(file.path): its folder is not writable, and \(limit)"))
        }
        let temporary = try openFolder([SpoolLayout.temporary])
        let staging = stagingName()
        var isThere = false
        do throws(FileError) {
            let copy = try files.createFile(staging, in: temporary)
            try copyBytes(of: file, byteCount: Int(expected.byteCount), to: copy)
            try files.sync(copy)
            let inode = try files.status(of: copy).fingerprint.inode
            let status = try files.status(of: file)
            guard status.fingerprint == expected else {
                try files.remove(staging, in: temporary)
                return .refused(.changed(status.fingerprint))
            }
            try files.renameExclusively(staging, in: temporary, to: name.last, in: folder)
            isThere = true
            try files.syncFolder(folder)
            try recordCopy(name, expected, inode: inode)
            return .claimed(
                ClaimedFile(file: file, fingerprint: expected, changed: status.changed, isCopied: true))
        } catch {
            try? files.remove(staging, in: temporary)
            // With a record, the original would never be taken again. Where the record cannot be removed, the copy stays,
            // and the next recovery finds it.
            if isThere, (try? forgetCopy(name)) != nil { try? files.remove(name.last, in: folder) }
            throw error
        }
    }

    private func copyBytes(
        of file: Descriptor, byteCount: Int, to copy: Descriptor
    ) throws(FileError) {
        var offset = 0
        while offset < byteCount {
            let piece = try files.read(
                file, at: offset, byteCount: min(Self.pieceByteCount, byteCount - offset))
            if piece.isEmpty { return }
            try files.write(piece, to: copy)
            offset += piece.count
        }
    }

    /// Whether the picture in the spool is the copy of one that was left in the inbox.
    func isCopy(_ name: RelativeName, at place: Place) throws(FileError) -> Bool {
        guard let inode = try copyInode(of: name) else { return false }
        let folder = try openFolder(place.folder, name.folder)
        return try files.status(name.last, in: folder)?.fingerprint.inode == inode
    }

    /// Removes a copy whose original is in the inbox.
    func removeCopy(_ name: RelativeName, at place: Place) throws(FileError) {
        let folder = try openFolder(place.folder, name.folder)
        try files.remove(name.last, in: folder)
        try files.syncFolder(folder)
        prune(place, name.folder)
    }
}
