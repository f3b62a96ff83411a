import Files

/// Whether the service can use one of its folders.
package struct FolderCheck: Sendable {
    package enum State: Sendable, Equatable {
        case usable
        /// It does not exist, and the service may make it.
        case willBeMade
        /// It does not exist; `parent` is why the service cannot make it, and nil where it never does.
        case missing(parent: Errno?)
        case notAFolder
        /// The service cannot open it.
        case closed(Errno)
        /// The service cannot create files in it.
        case unwritable(Errno)
    }

    /// `inbox`, `outbox` or `spool`.
    package var key: String
    package var path: Path
    /// The user as whom it was tried.
    package var user: String
    package var state: State

    package init(key: String, path: Path, user: String, state: State) {
        self.key = key
        self.path = path
        self.user = user
        self.state = state
    }

    package var finding: Finding {
        switch state {
        case .usable: .ok(key, "\(path), writable by \(user)")
        case .willBeMade: .ok(key, "\(path) does not exist yet; the service makes it")
        case .missing(nil):
            .failed(
                key, "\(path) does not exist",
                advice: "make it, or correct \(key); systemd-tmpfiles --create makes the shipped folders")
        case .missing(let errno?):
            .failed(
                key, "\(path) does not exist, and \(user) cannot make it: \(errno)",
                advice: "make it: install -d -o \(user) \(path)")
        case .notAFolder: .failed(key, "\(path) is not a folder", advice: "correct \(key)")
        case .closed(let errno):
            .failed(
                key, "\(user) cannot open \(path): \(errno)",
                advice: "compare the owners and modes that `namei -l \(path)` shows with \(user)")
        case .unwritable(let errno): unwritable(errno)
        }
    }

    private func unwritable(_ errno: Errno) -> Finding {
        let advice =
            switch errno {
            case .readOnly: "mount it writable (mount -o remount,rw), or choose another folder"
            case .noSpace, .quota: "make room on it"
            default: "give \(user) write access, as with: setfacl -m u:\(user):rwx \(path)"
            }
        return .failed(key, "\(user) cannot write into \(path): \(errno)", advice: advice)
    }
}
