import Files

/// Finds what is at fault when a call fails. The error number does not show whether it is the disk or one
/// folder, so the engine probes the disk.
extension SpoolEngine {
    /// Classifies a failure to publish an output.
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

    /// Classifies a failure within the spool or the inbox.
    func placeFault(_ error: FileError, of name: RelativeName) -> Fault {
        guard error.errno.mayBeOneFoldersFault, disk.probe(byteCount: 0) == nil else { return Fault(error) }
        if isNews(error.description) {
            logger.event(
                .blocked, level: .warning,
                "one folder, not the disk, is at fault: a picture waits in the spool",
                ["file": .stringConvertible(name), "reason": "\(error)"])
        }
        return Fault(.blocked, error.description)
    }

    /// Whether a picture must wait because its output cannot be published. Checks its folder when that is
    /// due.
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

    /// Makes a picture wait until its place may be checked again.
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
