import Glibc

/// An error number of the system.
package struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int32

    package init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let noEntry = Errno(ENOENT)
    package static let interrupted = Errno(EINTR)
    package static let inputOutput = Errno(EIO)
    package static let tryAgain = Errno(EAGAIN)
    package static let accessDenied = Errno(EACCES)
    package static let notPermitted = Errno(EPERM)
    package static let busy = Errno(EBUSY)
    package static let exists = Errno(EEXIST)
    package static let crossDevice = Errno(EXDEV)
    package static let notAFolder = Errno(ENOTDIR)
    package static let isAFolder = Errno(EISDIR)
    package static let invalid = Errno(EINVAL)
    package static let noSpace = Errno(ENOSPC)
    package static let quota = Errno(EDQUOT)
    package static let readOnly = Errno(EROFS)
    package static let nameTooLong = Errno(ENAMETOOLONG)
    package static let notEmpty = Errno(ENOTEMPTY)
    package static let symbolicLink = Errno(ELOOP)
    package static let noSystemCall = Errno(ENOSYS)
    package static let tooManyOpenFiles = Errno(EMFILE)
    package static let systemTooManyOpenFiles = Errno(ENFILE)
    package static let noMemory = Errno(ENOMEM)

    /// The text of strerror(3).
    package var description: String {
        guard let text = strerror(rawValue) else { return "error \(rawValue)" }
        return String(cString: text)
    }
}

/// The kinds of system calls that are made here; fault injection picks among them.
package enum SystemCall: String, Sendable, CaseIterable {
    case openFolder, openFile, createFile, read, write, sync, syncFolder, rename, remove
    case makeFolder, removeFolder, status, list, lock, watch, changeMode, access
}

/// A system call that failed: what was tried, on what, and why it failed.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package let call: SystemCall
    /// The path, escaped for a log line.
    package let path: String
    package let errno: Errno

    package init(call: SystemCall, path: String, errno: Errno) {
        self.call = call
        self.path = path
        self.errno = errno
    }

    package var description: String { "\(call.rawValue) \(path): \(errno)" }
}
