import Files
import Glibc

/// A call to the operating system that failed: what was tried, on which path, and why.
package struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Operation: String, Sendable {
        case open, read, write, list, create, remove, examine
        case rename = "rename a new file to"
        case sync = "flush to disk"
    }

    package let operation: Operation
    package let path: Path
    /// The system's `errno`.
    package let code: Int32

    package init(_ operation: Operation, _ path: Path, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    package var description: String {
        "cannot \(operation.rawValue) \(path): \(reason)"
    }

    /// The code for a device, a fifo or a socket where a file must be; no call that is made here returns it.
    package static let notRegular = ENOTSUP

    /// True where the fault lies with the disk or its permissions and not with one file: waiting may help.
    package var isEnvironmental: Bool {
        [ENOSPC, EDQUOT, EIO, EROFS, EACCES, EPERM, EMFILE, ENFILE, ENOMEM].contains(code)
    }

    private var reason: String {
        switch code {
        case ENOENT: "there is no such file or folder"
        case EACCES, EPERM: "permission denied; check owner and mode of the file and of its folder"
        case ENOSPC, EDQUOT: "the disk or the quota is full; make room and run again"
        case EROFS: "the filesystem is mounted read-only"
        case EISDIR: "it is a folder"
        case ENOTDIR: "it, or a part of its path, is a file where a folder must be"
        case FileError.notRegular: "it is neither a file nor a folder; give the path of a file"
        default: Errno(code).description
        }
    }
}
