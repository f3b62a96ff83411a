import Files
import Synchronization
import Terminals

/// Shows the progress of a batch: at the bottom of the terminal if standard error is one, otherwise in a line a minute.
final class BatchProgress: Sendable {
    private struct Counts {
        var done = 0
        var failed = 0
        var total: Int
        /// How much is done of each picture in work.
        var shares: [Path: Double] = [:]
        /// When the progress was last shown.
        var shown: ContinuousClock.Instant
    }

    /// The terminal's line is drawn at most five times a second, and a log gets a line a minute.
    private static let intervals = (terminal: Duration.milliseconds(200), lines: Duration.seconds(60))
    /// Before, a rate of parts of pictures says little.
    private static let leastTime = 2.0

    private let terminal = Terminal.isPresent ? Terminal() : nil
    private let start = ContinuousClock.now
    private let counts: Mutex<Counts>

    /// - Parameter total: 0 if it is not known yet; see `advance`.
    init(total: Int = 0) {
        counts = Mutex(Counts(total: total, shown: start))
        draw()
    }

    /// Counts one more picture as done.
    ///
    /// - Parameter input: the picture, if shares of it were noted.
    func advance(failed: Bool = false, total: Int? = nil, _ input: Path? = nil) {
        counts.withLock { counts in
            if failed { counts.failed += 1 } else { counts.done += 1 }
            counts.total = total ?? counts.total
            if let input { counts.shares[input] = nil }
        }
        if terminal != nil { draw() } else { show() }
    }

    /// Notes how much of a picture is done.
    func note(_ share: Double, of input: Path) {
        counts.withLock { $0.shares[input] = share }
        show()
    }

    /// Prints a line above the bar.
    func complain(_ message: String) {
        let line = "promptir: \(oneLine(message))\n"
        if let terminal { terminal.write(line) } else { StandardError.write(line) }
    }

    /// Prints a line and redraws the bar after it.
    ///
    /// - Parameter onError: whether it goes to standard error, because standard output is a picture.
    func say(_ line: String, onError: Bool = false) {
        clear()
        if onError { StandardError.write(line + "\n") } else { print(line) }
        draw()
    }

    /// Removes the bar.
    func clear() {
        terminal?.show("")
    }

    /// Shows the progress if it was not shown lately.
    private func show() {
        let interval = terminal == nil ? Self.intervals.lines : Self.intervals.terminal
        let now = ContinuousClock.now
        let isDue = counts.withLock { counts in
            guard now - counts.shown >= interval else { return false }
            counts.shown = now
            return true
        }
        guard isDue else { return }
        if terminal == nil { StandardError.write("promptir: \(bar.counts)\n") } else { draw() }
    }

    private func draw() {
        guard let terminal else { return }
        let bar = bar
        guard bar.totalCount > 0 else { return }
        terminal.show(bar.text(columns: Terminal.columnCount - 1))
    }

    private var bar: ProgressBar {
        let (done, failed, total, started) = counts.withLock {
            ($0.done, $0.failed, $0.total, $0.shares.values.reduce(0, +))
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let finished = Double(done + failed)
        let isKnown = finished > 0 && seconds > 0 || seconds > Self.leastTime
        return ProgressBar(
            doneCount: done, failedCount: failed, totalCount: total,
            perMinute: isKnown ? (finished + started) * 60 / seconds : 0, startedShare: started)
    }
}
