import Files
import Restoration
import Spool

/// Why the program cannot go on: what to say, and with which status to exit.
package struct ProgramFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let exitCode: ExitCode
    package let description: String
    /// The system's error number, where one was at the root; the service manager is told.
    package let errno: Int32?
    /// Whether the same start may go well later with nobody having touched the configuration: the disk is at fault.
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
            // A full disk heals, a folder that is not there was configured.
            self.init(
                error.isEnvironmental ? .tryAgain : .configuration, error.description,
                errno: error.errno.rawValue)
        default: self.init(.fault, "\(error)")
        }
    }

    private init(_ error: SpoolError) {
        let errno: Int32? = if case .unusable(_, let cause) = error { cause.errno.rawValue } else { nil }
        self.init(
            error.isPassing ? .tryAgain : .configuration, error.description, errno: errno,
            mayHealByItself: error.isDisksFault)
    }
}
