import Files

/// A claimed picture's open file: it stays readable wherever the picture is moved.
package struct ClaimedFile: Sendable {
    package let file: Descriptor
    package let fingerprint: Fingerprint
}

extension SpoolDisk {
    package enum ClaimResult: Sendable {
        case claimed(ClaimedFile)
        case refused(Refusal)
        /// Another picture's name is in the way.
        case obstructed(FileError)
    }

    /// Takes a picture from the inbox: `inbox/x` → `claimed/1/x`, durably before anybody reads it.
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
            // Opened before the rename, so that what was looked at is what is taken.
            let file = try files.openFile(name.last, in: inbox)
            let opened = try files.status(of: file)
            guard opened.kind == .regular, opened.fingerprint == expected else {
                return .refused(.changed(opened.fingerprint))
            }
            if isBeingWritten(file, expected, at: time) { return .refused(.writing) }
            return try take(name, file, expected, from: inbox)
        } catch {
            return .refused(Self.refusal(error))
        }
    }

    /// Whether a writer has the file open, as far as that can be known and matters: one who has not written for
    /// the whole patience has merely forgotten to close it.
    private func isBeingWritten(_ file: Descriptor, _ fingerprint: Fingerprint, at time: Duration) -> Bool {
        trustsLeases && time - fingerprint.modified < options.arrivalPatience
            && files.isOpenForWriting(file) == true
    }

    private func take(
        _ name: RelativeName, _ file: Descriptor, _ expected: Fingerprint, from inbox: Descriptor
    ) throws(FileError) -> ClaimResult {
        let place = Place.claimed(1)
        let folder: Descriptor
        do throws(FileError) {
            folder = try makeFolder(place.folder, name.folder)
        } catch {
            // A picture that is being processed may have the name of this one's folder: that is no fault of the disk,
            // and ends with that picture.
            return .refused(
                error.errno.cause == .name ? .unusable(error.description) : .environment(error.description))
        }
        do throws(FileError) {
            try files.renameExclusively(name.last, in: inbox, to: name.last, in: folder)
            guard let taken = try files.status(name.last, in: folder),
                taken.fingerprint.inode == expected.inode
            else {
                // Swapped at the last moment: not what was looked at.
                try files.renameExclusively(name.last, in: folder, to: name.last, in: inbox)
                return .refused(.vanished)
            }
            try files.syncFolder(folder)
            try files.syncFolder(inbox)
        } catch {
            // Nobody has read it: as far as the disk lets us, the claim was never made. What cannot be put back is
            // found by the next recovery.
            try? files.renameExclusively(name.last, in: folder, to: name.last, in: inbox)
            prune(place, name.folder)
            throw error
        }
        return .claimed(ClaimedFile(file: file, fingerprint: expected))
    }

    private static func refusal(_ error: FileError) -> Refusal {
        if error.errno == .noEntry { return .vanished }
        return error.errno.cause == .disk ? .environment(error.description) : .unusable(error.description)
    }

    /// Begins the next attempt: `waiting/n/x` → `claimed/n+1/x`.
    ///
    /// - Returns: `.unusable` for one that cannot be opened; it lies in `claimed/n+1` then.
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
            return .claimed(ClaimedFile(file: file, fingerprint: status.fingerprint))
        } catch {
            return .refused(Self.refusal(error))
        }
    }

    /// A durable rename within the spool. Repeating it after a fault is harmless.
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

    /// Puts a picture back into the inbox under its name; false where a newer one has it.
    package func putBack(_ name: RelativeName, from place: Place) throws(FileError) -> Bool {
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
