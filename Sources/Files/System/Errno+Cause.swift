/// Whose fault a failed call on a file is. This is the only place that decides it:
///
/// | cause | numbers | at fault | heals without anybody touching the file |
/// |---|---|---|---|
/// | `disk` | ENOSPC, EDQUOT, EIO, EROFS, EMFILE, ENFILE, ENOMEM | the disk or the machine, for every file | yes |
/// | `permission` | EACCES, EPERM | the mode or owner of one folder, or of the whole disk | when somebody changes it |
/// | `mount` | EXDEV, EBUSY | how one folder is mounted | when somebody changes it |
/// | `link` | ELOOP | a symbolic link where a folder or a file must be | when somebody changes it |
/// | `name` | ENOTDIR, EISDIR, ENAMETOOLONG, EEXIST, ENOTEMPTY | this name alone | no |
/// | `unknown` | all others | cannot be told | cannot be told |
extension Errno {
    package enum Cause: Sendable, CaseIterable {
        case disk, permission, mount, link, name, unknown
    }

    package var cause: Cause {
        switch self {
        case .noSpace, .quota, .inputOutput, .readOnly, .tooManyOpenFiles, .systemTooManyOpenFiles, .noMemory:
            .disk
        case .accessDenied, .notPermitted: .permission
        case .crossDevice, .busy: .mount
        case .symbolicLink: .link
        case .notAFolder, .isAFolder, .nameTooLong, .exists, .notEmpty: .name
        default: .unknown
        }
    }

    /// Whether the disk or its permissions are at fault and not one file: waiting may help, another file will not.
    package var isEnvironmental: Bool { cause == .disk || cause == .permission }

    /// Whether one folder or name may be at fault while the rest of the disk works.
    package var mayBeOneFoldersFault: Bool { mayHealByItself || cause == .name }

    /// Whether the fault may end when somebody corrects a mode, an owner, a mount or a link, with no need to touch the
    /// file.
    package var mayHealByItself: Bool { [.permission, .mount, .link].contains(cause) }
}
