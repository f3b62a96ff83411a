import Files

/// The open file of a claimed picture. It stays readable wherever the picture is moved.
package struct ClaimedFile: Sendable {
    package let file: Descriptor
    package let fingerprint: Fingerprint
    /// Time of the last change of its content, mode or name, once it had its name in the spool.
    let changed: Duration
    /// Whether the picture in the spool is a copy, because the original's folder is not writable.
    var isCopied = false
}

extension SpoolDisk {
    package enum ClaimResult: Sendable {
        case claimed(ClaimedFile)
        case refused(Refusal)
        /// A picture with another name is in the way.
        case obstructed(FileError)
    }

    /// Claims a picture: renames `inbox/x` to `claimed/1/x`, durably, before anybody reads it. Where its folder is
    /// not writable, the picture is copied instead.
    package func claim(
        _ name: RelativeName, seenAs expected: Fingerprint, at time: Duration
    ) -> ClaimResult {
        do throws(FileError) {
            let inbox = try files.openFolder(name.folder, below: openInbox())
            guard let status = try files.status(name.last, in: inbox), status.kind == .regular else {
                return .refused(.vanished)
            }
            guard status.fingerprint == expected else { return .refused(.changed(status.fingerprint)) }
            if options.originals == .keep, try isDone(name, expected) { return .refused(.alreadyDone) }
            // The file is opened before the rename, so that the claim takes the file that was checked.
            let file = try files.openFile(name.last, in: inbox)
            let opened = try files.status(of: file)
            guard opened.kind == .regular, opened.fingerprint == expected else {
                return .refused(.changed(opened.fingerprint))
            }
            if isBeingWritten(file, expected, at: time) { return .refused(.writing) }
            return try take(name, file, expected, from: inbox)
        } catch {
            // ESTALE: another client of the filesystem's server removed or replaced it between two calls.
            return .refused(error.errno == .stale ? .vanished : Self.refusal(error))
        }
    }

    /// Whether a writer has the file open, if that can be determined. A writer that has not written during
    /// the grace period is ignored, because it has probably forgotten to close the file.
    private func isBeingWritten(_ file: Descriptor, _ fingerprint: Fingerprint, at time: Duration) -> Bool {
        trustsLeases && time - fingerprint.modified < options.arrivalPatience
            && files.isOpenForWriting(file) == true
    }

    private func take(
        _ name: RelativeName, _ file: Descriptor, _ expected: Fingerprint, from inbox: Descriptor
    ) throws(FileError) -> ClaimResult {
        let place = Place.claimed(1)
        let folder: Descriptor
        let changed: Duration
        do throws(FileError) {
            folder = try makeFolder(place.folder, name.folder)
        } catch {
            // This picture's folder may have the name of a picture that is being processed. That is no fault
            // of the disk, and it ends when the other picture is finished.
            return .refused(
                error.errno.cause == .name ? .unusable(error.description) : .environment(error.description))
        }
        do throws(FileError) {
            do throws(FileError) {
                try files.renameExclusively(name.last, in: inbox, to: name.last, in: folder)
            } catch {
                guard error.errno.cause == .permission, !isWritable(inbox) else { throw error }
                let result = try takeCopy(name, file, expected, to: folder)
                if case .refused = result { prune(place, name.folder) }
                return result
            }
            guard let taken = try files.status(name.last, in: folder),
                taken.fingerprint.inode == expected.inode
            else {
                // The file was replaced at the last moment, so it is not the one that was checked.
                try files.renameExclusively(name.last, in: folder, to: name.last, in: inbox)
                return .refused(.vanished)
            }
            changed = taken.changed
            try files.syncFolder(folder)
            try files.syncFolder(inbox)
        } catch {
            // Nobody has read the picture, so the claim is undone if the disk permits. If not, the next
            // recovery finds the picture.
            try? files.renameExclusively(name.last, in: folder, to: name.last, in: inbox)
            prune(place, name.folder)
            throw error
        }
        return .claimed(ClaimedFile(file: file, fingerprint: expected, changed: changed))
    }

    private static func refusal(_ error: FileError) -> Refusal {
        if error.errno == .noEntry { return .vanished }
        return error.errno.mayPass ? .environment(error.description) : .unusable(error.description)
    }

    /// Whether the inbox has an entry of this name, or may have one that cannot be looked at.
    func isInInbox(_ name: RelativeName) -> Bool {
        do throws(FileError) {
            return try files.status(name.last, in: files.openFolder(name.folder, below: openInbox())) != nil
        } catch {
            return ![.noEntry, .notAFolder].contains(error.errno)
        }
    }

    /// Begins the next attempt: renames `waiting/n/x` to `claimed/n+1/x`.
    ///
    /// - Returns: `.unusable` if the picture cannot be opened; it is then in `claimed/n+1`.
    package func retake(_ name: RelativeName, attempts: Int) -> ClaimResult {
        do throws(FileError) {
            try move(name, from: .waiting(attempts), to: .claimed(attempts + 1))
        } catch {
            if error.errno.cause == .name { return .obstructed(error) }
            return .refused(error.errno == .noEntry ? .vanished : .environment(error.description))
        }
        do throws(FileError) {
            let folder = try openFolder(Place.claimed(attempts + 1).folder, name.folder)
            let file = try files.openFile(name.last, in: folder)
            let status = try files.status(of: file)
            return .claimed(
                ClaimedFile(file: file, fingerprint: status.fingerprint, changed: status.changed))
        } catch {
            return .refused(Self.refusal(error))
        }
    }

    /// Moves a picture durably within the spool. A repetition after a fault is harmless.
    package func move(_ name: RelativeName, from: Place, to: Place) throws(FileError) {
        let target = try makeFolder(to.folder, name.folder)
        do throws(FileError) {
            let source = try openFolder(from.folder, name.folder)
            try files.renameExclusively(name.last, in: source, to: name.last, in: target)
            try files.syncFolder(target)
            try files.syncFolder(source)
        } catch {
            guard error.errno == .noEntry, try files.status(name.last, in: target) != nil else {
                prune(to, name.folder)
                throw error
            }
            try files.syncFolder(target)
        }
        prune(from, name.folder)
    }

    /// Puts a picture back into the inbox under its name. Returns false if a newer picture has that name. Of a copy,
    /// the original is there already; false if its owner has removed it since.
    package func putBack(_ name: RelativeName, from place: Place) throws(FileError) -> Bool {
        if try isCopy(name, at: place) {
            guard isInInbox(name) else { return false }
            // Without the record, the original is a new picture.
            try forgetCopy(name)
            try removeCopy(name, at: place)
            return true
        }
        let inbox = try files.makeFolders(name.folder, below: openInbox())
        do throws(FileError) {
            let source = try openFolder(place.folder, name.folder)
            guard try files.status(name.last, in: source) != nil else { return true }
            try files.renameExclusively(name.last, in: source, to: name.last, in: inbox)
            try files.syncFolder(inbox)
            try files.syncFolder(source)
        } catch {
            if error.errno == .exists { return false }
            throw error
        }
        prune(place, name.folder)
        return true
    }
}
