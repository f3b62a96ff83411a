/// Classifies failed calls on files by what is at fault. No other code decides this.
///
/// | cause | numbers | at fault | ends without a change to the file |
/// |---|---|---|---|
/// | `disk` | ENOSPC, EDQUOT, EIO, EROFS, EMFILE, ENFILE, ENOMEM | the disk or the machine, for every file | yes |
/// | `server` | ESTALE, ETIMEDOUT, ENOTCONN, ECONNABORTED, EHOSTDOWN, EREMOTEIO | the filesystem's server, for every file | yes |
/// | `permission` | EACCES, EPERM | the mode or owner of a folder, or of the whole disk | when somebody changes it |
/// | `mount` | EXDEV, EBUSY | how a folder is mounted | when somebody changes it |
/// | `link` | ELOOP | a symbolic link in place of a folder or file | when somebody changes it |
/// | `name` | ENOTDIR, EISDIR, ENAMETOOLONG, EEXIST, ENOTEMPTY | this name alone | no |
/// | `unknown` | all others | unknown | unknown |
extension Errno {
    package enum Cause: Sendable, CaseIterable {
        case disk, server, permission, mount, link, name, unknown
    }

    package var cause: Cause {
        switch self {
        case .noSpace, .quota, .inputOutput, .readOnly, .tooManyOpenFiles, .systemTooManyOpenFiles, .noMemory:
            .disk
        case .stale, .timedOut, .notConnected, .connectionAborted, .hostDown, .remoteInputOutput: .server
        case .accessDenied, .notPermitted: .permission
        case .crossDevice, .busy: .mount
        case .symbolicLink: .link
        case .notAFolder, .isAFolder, .nameTooLong, .exists, .notEmpty: .name
        default: .unknown
        }
    }

    /// Whether the disk, its server or its permissions are at fault, not one file. Waiting may help; another file does
    /// not.
    package var isEnvironmental: Bool { mayPass || cause == .permission }

    /// Whether the fault may end without a change to the file or its folder.
    package var mayPass: Bool { cause == .disk || cause == .server }
}
