import Files
import Glibc
import Logging
import Terminals

/// The destination of log events.
package enum LogOutput: Sendable, Equatable {
    case journal
    case lines(LineHandler.Shape)

    /// Chooses the output for `format`. `auto` is the journal if standard error is connected to it, otherwise
    /// text.
    /// - Parameter journalStream: the value of `JOURNAL_STREAM` ("device:inode"), or nil.
    package static func choose(
        format: LogFormat, journalStream: String?, standardError: Int32 = STDERR_FILENO
    )
        -> LogOutput
    {
        let leadsToJournal = isJournal(journalStream, descriptor: standardError)
        switch format {
        case .auto: return leadsToJournal ? .journal : .lines(.text)
        case .journal: return .journal
        case .text: return .lines(leadsToJournal ? .prefixedText : .text)
        case .json: return .lines(.json)
        }
    }

    /// Returns a logger that writes to this output.
    ///
    /// - Parameter sink: called with whole lines. It replaces standard error if a progress bar is drawn
    ///   there.
    package func logger(
        label: String, level: LogLevelSwitch,
        sink: @escaping @Sendable (String) -> Void = { StandardError.write($0) }
    ) -> Logger {
        Logger(label: label) { label in
            switch self {
            case .journal: JournalHandler(identifier: label, level: level)
            case .lines(let shape): LineHandler(shape: shape, level: level, sink: sink)
            }
        }
    }

    /// Whether the descriptor is the stream that the variable names. Child processes inherit the variable,
    /// but their standard error may be another file (systemd.exec(5)).
    private static func isJournal(_ journalStream: String?, descriptor: Int32) -> Bool {
        guard let parts = journalStream?.split(separator: ":"), parts.count == 2,
            let device = UInt64(parts[0]), let inode = UInt64(parts[1])
        else { return false }
        return FileIdentity(ofDescriptor: descriptor) == FileIdentity(device: device, inode: inode)
    }
}
