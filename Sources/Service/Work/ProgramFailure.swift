import Files
import Restoration
import Spool

/// Why the program cannot continue, with the message and the exit status.
package struct ProgramFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let exitCode: ExitCode
    package let description: String
    /// The error number of the system call that failed, if any, which is sent to the service manager.
    package let errno: Int32?
    /// Whether the same start may succeed later with the same configuration, because the disk is at fault.
    package let mayHealByItself: Bool

    package init(
        _ exitCode: ExitCode, _ description: String, errno: Int32? = nil, mayHealByItself: Bool = false
    ) {
        self.mayHealByItself = mayHealByItself
        self.exitCode = exitCode
        self.description = description
        self.errno = errno
    }

    package init(_ error: any Error) {
        switch error {
        case let failure as ProgramFailure: self = failure
        case let error as ConfigurationError:
            self.init(ExitCode(rawValue: error.exitCode) ?? .configuration, error.description)
        case let error as ModelError: self.init(.configuration, error.description)
        case let error as SpoolError: self.init(error)
        case let error as FileError:
            // A full disk may recover; a missing folder is a configuration error.
            self.init(
                error.isEnvironmental ? .tryAgain : .configuration, error.description,
                errno: error.errno.rawValue)
        default: self.init(.fault, "\(error)")
        }
    }

    private init(_ error: SpoolError) {
        let errno: Int32? =
            switch error {
            case .unusable(_, let cause), .confined(_, let cause, _, _): cause.errno.rawValue
            case .locked, .notOnInboxFilesystem, .overlapping: nil
            }
        self.init(
            error.isPassing ? .tryAgain : .configuration, error.description, errno: errno,
            mayHealByItself: error.isDisksFault)
    }
}
