import Files

/// Why a spool cannot be opened. Each description says what to do about it.
package enum SpoolError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process works on this spool, or holds its lock.
    case locked(path: Path, holder: LockHolder)
    case notOnInboxFilesystem(spool: Path, inbox: Path)
    /// One of the three folders contains another, so that outputs or originals would be restored again.
    case overlapping(outer: Path, inner: Path)
    case unusable(what: String, FileError)
    /// The service's unit keeps this process from a folder.
    case confined(what: String, FileError, Confinement, folder: Path)

    package var description: String {
        switch self {
        case .locked(let path, let holder):
            return
                "\(path) is held by \(holder): one daemon or --once at a time works on a spool; wait for that "
                + "process to end, or end it"
        case .notOnInboxFilesystem(let spool, let inbox):
            return
                "the spool \(spool) is not on the filesystem of the inbox \(inbox), or on another mount of it, but "
                + "pictures are claimed by rename: put the spool beside the inbox, or, where the inbox is a mount "
                + "point (ReadWritePaths= makes one of every folder it names), into a hidden folder in it such as "
                + "\(inbox)/.spool"
        case .overlapping(let outer, let inner):
            return
                "\(inner) lies within \(outer), so that files written there would be restored again: choose "
                + "separate folders (a hidden one, its name beginning with a dot, may lie in the inbox)"
        case .unusable(let what, let error):
            let advice =
                switch error.errno {
                case .noSpace, .quota: "make room"
                case _ where error.errno.mayPass: "try again"
                default: "make the folder and see that this user may write into it"
                }
            return "the \(what) cannot be used: \(error.summary): \(advice)"
        case .confined(let what, let error, let confinement, let folder):
            return "the \(what) cannot be used: \(error.summary): \(confinement.advice(allowing: folder))"
        }
    }

    /// Whether the problem may pass by itself or when space is freed, without a change of the configuration.
    package var isPassing: Bool {
        switch self {
        case .locked: true
        case .notOnInboxFilesystem, .overlapping, .confined: false
        case .unusable(_, let error):
            error.errno.mayPass
        }
    }

    /// Whether the disk or a folder's mode is at fault, so that waiting makes sense.
    package var isDisksFault: Bool {
        guard case .unusable(_, let error) = self else { return false }
        return error.isEnvironmental
    }
}

extension Fault {
    /// Classifies a failed call.
    init(_ error: FileError) {
        let isOfName = [.name, .link].contains(error.errno.cause)
        self.init(isOfName ? .item : .environment, error.description)
    }
}
