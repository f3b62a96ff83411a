import Glibc

/// A system error number.
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
    package static let fileTooLarge = Errno(EFBIG)
    package static let stale = Errno(ESTALE)
    package static let timedOut = Errno(ETIMEDOUT)
    package static let notConnected = Errno(ENOTCONN)
    package static let connectionAborted = Errno(ECONNABORTED)
    package static let hostDown = Errno(EHOSTDOWN)
    package static let remoteInputOutput = Errno(EREMOTEIO)

    /// A device, fifo or socket is in place of a file. No call made here returns this number.
    package static let notRegular = Errno(ENOTSUP)

    /// The text of strerror(3).
    package var description: String {
        if self == .notRegular { return "it is neither a file nor a folder" }
        guard let text = strerror(rawValue) else { return "error \(rawValue)" }
        return String(cString: text)
    }
}
