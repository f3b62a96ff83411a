import Synchronization
import Terminals

/// Draws the progress of a batch at the bottom of the terminal, if standard error is a terminal.
final class BatchProgress: Sendable {
    private struct Counts {
        var done = 0
        var failed = 0
        var total: Int
    }

    private let terminal = Terminal.isPresent ? Terminal() : nil
    private let start = ContinuousClock.now
    private let counts: Mutex<Counts>

    /// - Parameter total: 0 if it is not known yet; see `advance`.
    init(total: Int = 0) {
        counts = Mutex(Counts(total: total))
        draw()
    }

    /// Counts one more picture as done.
    func advance(failed: Bool = false, total: Int? = nil) {
        counts.withLock { counts in
            if failed { counts.failed += 1 } else { counts.done += 1 }
            counts.total = total ?? counts.total
        }
        draw()
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

    private func draw() {
        guard let terminal else { return }
        let counts = counts.withLock { $0 }
        guard counts.total > 0 else { return }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let finished = Double(counts.done + counts.failed)
        let bar = ProgressBar(
            doneCount: counts.done, failedCount: counts.failed, totalCount: counts.total,
            perMinute: finished > 0 && seconds > 0 ? finished * 60 / seconds : 0)
        terminal.show(bar.text(columns: Terminal.columnCount - 1))
    }
}
