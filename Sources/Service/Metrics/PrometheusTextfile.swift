import Dispatch
import Files
import Logging
import Restoration
import Synchronization

/// Keeps a Prometheus textfile up to date: at most every few seconds, and once more at the end.
///
/// Replaced at one stroke, so that a collector never reads half of it; readable by all, as collectors run as other
/// users; not flushed to the disk, as it speaks of the present alone.
package final class PrometheusTextfile: Sendable {
    package static let interval = Duration.seconds(5)

    private let path: Path
    private let interval: Duration
    private let text: @Sendable () -> String
    private let logger: Logger
    private let queue = DispatchQueue(label: "promptir.metrics", qos: .utility)
    /// Unsafe for the compiler alone: dispatch sources may be used from any thread, but are not marked so on Linux.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer
    private let hasFailed = Atomic<Bool>(false)

    /// - Parameter text: what the file is to say, asked for from a queue of its own.
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
        // Activated at once, as one that never was may not be let go of; it rests until the start.
        timer.schedule(deadline: .distantFuture)
        timer.activate()
    }

    deinit {
        timer.cancel()
    }

    /// Begins: removes what a killed run left half written, and writes.
    package func start() {
        queue.async { [path] in AtomicFile.sweep(path) }
        timer.schedule(deadline: .now(), repeating: interval.dispatchInterval, leeway: .milliseconds(100))
    }

    /// Writes for the last time.
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
            // Said once while it lasts: a monitor that hears nothing complains by itself.
            guard !hasFailed.exchange(true, ordering: .relaxed) else { return }
            logger.event(
                .metricsFailed, level: .warning, "the metrics cannot be written", ["error": "\(error)"])
        }
    }
}
