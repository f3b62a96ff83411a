import Logging
import Spool
import Synchronization

/// Keeps each line's metadata.
final class LogRecorder: Sendable {
    private let all = Mutex<[Logger.Metadata]>([])

    var logger: Logger {
        Logger(label: "test") { _ in
            Handler { line in self.all.withLock { $0.append(line) } }
        }
    }

    /// The fields of every line so far.
    var lines: [[String: String]] { all.withLock { $0.map { $0.mapValues(\.description) } } }

    /// The lines of one event.
    func lines(of event: SpoolEvent) -> [[String: String]] {
        lines.filter { $0["event"] == event.rawValue }
    }

    private struct Handler: LogHandler {
        let take: @Sendable (Logger.Metadata) -> Void
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(take: @escaping @Sendable (Logger.Metadata) -> Void) {
            self.take = take
        }

        func log(event: LogEvent) {
            take(event.metadata ?? [:])
        }

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
    }
}
