import Logging
import Service
import Synchronization

/// Gathers what closures of other threads report.
final class Recorder<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func append(_ element: Element) {
        elements.withLock { $0.append(element) }
    }
}

/// Notes what it was told to send.
final class RecordingNotifier: ServiceNotifying {
    private let messages = Mutex<[NotificationMessage]>([])
    let watchdogInterval: Duration?

    init(watchdogInterval: Duration? = nil) {
        self.watchdogInterval = watchdogInterval
    }

    var sent: [NotificationMessage] { messages.withLock { $0 } }

    func send(_ new: [NotificationMessage]) {
        messages.withLock { $0 += new }
    }

    /// What was sent, without the counts' and pings' repetitions.
    var steps: [NotificationMessage] {
        sent.filter {
            switch $0 {
            case .ready, .stopping, .reloading: true
            default: false
            }
        }
    }

    var statuses: [String] {
        sent.compactMap { if case .status(let text) = $0 { text } else { nil } }
    }
}

/// Log lines of a test, as text.
final class RecordedLog: Sendable {
    private let lines = Mutex<[String]>([])
    let level = LogLevelSwitch(.info)

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger {
        LogOutput.lines(.prefixedText).logger(label: "test", level: level) { [self] line in
            lines.withLock { $0.append(line) }
        }
    }
}

/// An event as a handler sees it.
func logEvent(
    _ message: Logger.Message, level: Logger.Level = .info, _ metadata: Logger.Metadata? = nil
) -> LogEvent {
    LogEvent(
        level: level, message: message, metadata: metadata, source: "Spool", file: "Spool/Claim.swift",
        function: "claim()", line: 42)
}
