import Files
import Logging

/// Whose fault a failed call is. An error number does not tell whether the disk, one folder or one name is at fault: the
/// disk is asked. Only what it answers at a root pauses the intake, because names and folders are other people's.
extension SpoolEngine {
    /// What the refusal of a claim means.
    func nameFault(_ reason: String, of name: RelativeName) -> Refusal {
        guard disk.probe(byteCount: 0) == nil else { return .environment(reason) }
        noteBlocked("a problem of this picture alone: it waits", name, reason)
        return block(.name(name), reason, at: clock().monotonic)
    }

    /// Classifies a failure to publish an output.
    func publishFault(_ error: FileError, of name: RelativeName) -> Fault {
        let byteCount = error.errno.cause == .disk ? probeByteCount : 0
        guard disk.probe(byteCount: byteCount) == nil else { return Fault(error) }
        let folder = disk.trouble(inOutputFolder: name.folder)
        if folder == nil, error.errno.cause == .name { return Fault(error) }
        if let folder, folder.errno.cause == .name { return Fault(folder) }
        let place: BlockedPlaces.Place = folder == nil ? .name(name) : .folder(name.folder)
        let reason = (folder ?? error).description
        if blocked.block(place, reason, at: clock().monotonic) {
            logger.event(
                .blocked, level: .warning,
                "a problem of this outbox folder alone: its pictures wait",
                ["file": .stringConvertible(name), "reason": "\(reason)"])
        }
        return Fault(.blocked, reason)
    }

    /// Classifies a failure within the spool or the inbox.
    func placeFault(_ error: FileError, of name: RelativeName) -> Fault {
        guard disk.probe(byteCount: 0) == nil else { return Fault(error) }
        noteBlocked(
            "a problem of one folder alone: a picture waits in the spool", name, error.description)
        return Fault(.blocked, error.description)
    }

    private func noteBlocked(_ message: Logger.Message, _ name: RelativeName, _ reason: String) {
        guard isNews(reason) else { return }
        logger.event(
            .blocked, level: .warning, message, ["file": .stringConvertible(name), "reason": "\(reason)"])
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
            return block(place, trouble.description, at: now)
        }
        free(place, name)
        return nil
    }

    /// Makes a picture wait until its place may be checked again.
    func block(_ place: BlockedPlaces.Place, _ reason: String, at now: Duration) -> Refusal {
        _ = blocked.block(place, reason, at: now)
        return .blocked(until: blocked.until(place) ?? now)
    }

    func free(_ place: BlockedPlaces.Place, _ name: RelativeName) {
        guard blocked.free(place) else { return }
        logger.event(
            .unblocked, level: .notice, "the folder accepts outputs again", ["file": .stringConvertible(name)]
        )
    }
}
