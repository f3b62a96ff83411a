import Files

/// Whose fault a failed call is. An error number does not tell whether the disk or one folder is at fault: the disk
/// is asked.
extension SpoolEngine {
    /// What a failure to publish means.
    func publishFault(_ error: FileError, of name: RelativeName) -> Fault {
        guard error.errno.mayBeOneFoldersFault, disk.probe(byteCount: 0) == nil else { return Fault(error) }
        let folder = disk.trouble(inOutputFolder: name.folder)
        if folder == nil, !error.errno.mayHealByItself { return Fault(error) }
        if let folder, !folder.errno.mayHealByItself { return Fault(folder) }
        let place: BlockedPlaces.Place = folder == nil ? .name(name) : .folder(name.folder)
        let reason = (folder ?? error).description
        if blocked.block(place, reason, at: clock().monotonic) {
            logger.event(
                .blocked, level: .warning,
                "this folder of the outbox, not the disk, is at fault: its pictures wait",
                ["file": .stringConvertible(name), "reason": "\(reason)"])
        }
        return Fault(.blocked, reason)
    }

    /// What a failure within the spool or the inbox means.
    func placeFault(_ error: FileError, of name: RelativeName) -> Fault {
        guard error.errno.mayBeOneFoldersFault, disk.probe(byteCount: 0) == nil else { return Fault(error) }
        if reports.isNews(error.description) {
            logger.event(
                .blocked, level: .warning,
                "one folder, not the disk, is at fault: a picture waits in the spool",
                ["file": .stringConvertible(name), "reason": "\(error)"])
        }
        return Fault(.blocked, error.description)
    }

    /// Whether a picture has to wait because its output could not be published; looks at its folder when that is due.
    func blockage(of name: RelativeName) -> Refusal? {
        let now = clock().monotonic
        if let until = blocked.until(.name(name)), until > now { return .blocked(until: until) }
        let place = BlockedPlaces.Place.folder(name.folder)
        guard let until = blocked.until(place) else { return nil }
        if until > now { return .blocked(until: until) }
        if let trouble = disk.trouble(inOutputFolder: name.folder) {
            return block(place, trouble, at: now)
        }
        free(place, name)
        return nil
    }

    /// Has a picture wait until its place may be looked at again.
    func block(_ place: BlockedPlaces.Place, _ error: FileError, at now: Duration) -> Refusal {
        _ = blocked.block(place, error.description, at: now)
        return .blocked(until: blocked.until(place) ?? now)
    }

    func free(_ place: BlockedPlaces.Place, _ name: RelativeName) {
        guard blocked.free(place) else { return }
        logger.event(
            .unblocked, level: .notice, "the folder takes outputs again", ["file": .stringConvertible(name)])
    }
}
