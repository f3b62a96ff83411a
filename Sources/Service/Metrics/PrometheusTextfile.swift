import Dispatch
import Files
import Logging
import Restoration
import Synchronization

/// Keeps a Prometheus textfile up to date: it is written every few seconds, and once more at the end.
///
/// The file is replaced atomically, so a collector never reads half of it. Everybody may read it, because
/// collectors run as other users. It is not flushed, because it describes only the present.
package final class PrometheusTextfile: Sendable {
    package static let interval = Duration.seconds(5)

    private let path: Path
    private let interval: Duration
    private let text: @Sendable () -> String
    private let logger: Logger
    private let queue = DispatchQueue(label: "promptir.metrics", qos: .utility)
    /// Unsafe only for the compiler: any thread may use dispatch sources, but on Linux they are not marked as
    /// `Sendable`.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer
    private let hasFailed = Atomic<Bool>(false)

    /// - Parameter text: called on a private queue for the file's content.
    package init(
        _ path: Path, interval: Duration = PrometheusTextfile.interval, logger: Logger,
        text: @escaping @Sendable () -> String
    ) {
        self.path = path
        self.interval = interval
        self.text = text
        self.logger = logger
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { [weak self] in self?.write() }
        // The timer is activated at once, because a source that never was must not be released; it rests
        // until the start.
        timer.schedule(deadline: .distantFuture)
        timer.activate()
    }

    deinit {
        timer.cancel()
    }

    /// Starts writing, after removing what a killed process left half written.
    package func start() {
        queue.async { [path] in AtomicFile.sweep(path) }
        timer.schedule(deadline: .now(), repeating: interval.dispatchInterval, leeway: .milliseconds(100))
    }

    /// Writes the file for the last time.
    package func finish() {
        timer.cancel()
        queue.sync { write() }
    }

    private func write() {
        do throws(FileError) {
            let file = try AtomicFile(path)
            try file.write(Array(text().utf8))
            try file.changeMode(to: 0o644)
            try file.commit(isDurable: false)
            hasFailed.store(false, ordering: .relaxed)
        } catch {
            // The problem is logged once while it lasts; a monitor that receives nothing raises its own
            // alarm.
            guard !hasFailed.exchange(true, ordering: .relaxed) else { return }
            logger.event(
                .metricsFailed, level: .warning, "the metrics cannot be written", ["error": "\(error)"])
        }
    }
}
