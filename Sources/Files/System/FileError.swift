/// The kinds of calls on files, which fault injection chooses from.
package enum FileOperation: String, Sendable, CaseIterable {
    case openFolder, openFile, createFile, read, write, sync, syncFolder, rename, remove
    case makeFolder, removeFolder, status, list, lock, watch, changeMode, access, setAttribute
    /// A new file takes the name of the file that it replaces.
    case replace

    /// The verb for error messages.
    fileprivate var verb: String {
        switch self {
        case .openFolder, .openFile: "open"
        case .createFile, .makeFolder: "create"
        case .read, .write, .list, .lock, .watch, .rename, .remove: rawValue
        case .sync, .syncFolder: "flush to disk"
        case .removeFolder: "remove"
        case .status: "examine"
        case .changeMode: "change the mode of"
        case .access: "write into"
        case .setAttribute: "set an attribute of"
        case .replace: "rename a new file to"
        }
    }
}

/// A failed call on a file: what was tried, on which path, and why it failed.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    package let operation: FileOperation
    package let path: Path
    package let errno: Errno

    package init(_ operation: FileOperation, _ path: Path, _ errno: Errno) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }

    /// What failed and why, and what to do about it.
    package var description: String {
        switch errno {
        case .noSpace, .quota: summary + "; the disk or the quota is full, make room"
        case _ where errno.cause == .permission:
            summary + "; check owner and permissions of the file and of its folder"
        case .notRegular: summary + "; give the path of a file"
        default: summary
        }
    }

    /// What failed and why.
    package var summary: String {
        "cannot \(operation.verb) \(path): \(errno == .noEntry ? "there is no such file or folder" : "\(errno)")"
    }

    /// Whether the disk or its permissions are at fault, not one file, so that waiting may help.
    package var isEnvironmental: Bool { errno.isEnvironmental }
}
