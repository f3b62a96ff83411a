import Terminals

extension OnceRun {
    /// Draws the bar, five times a second, until the task is cancelled; then once more, how it ended.
    package func draw(on terminal: Terminal) async {
        while !Task.isCancelled {
            drawOnce(on: terminal)
            try? await Task.sleep(for: .milliseconds(200))
        }
        drawOnce(on: terminal)
    }

    private func drawOnce(on terminal: Terminal) {
        let tally = tally
        let bar = ProgressBar(
            doneCount: tally.doneCount, failedCount: tally.failedCount,
            totalCount: tally.doneCount + tally.failedCount + tally.activeCount + tally.queuedCount
                + tally.arrivingCount, perMinute: tally.perMinute)
        if bar.totalCount > 0 { terminal.show(bar.text(columns: Terminal.columnCount - 1)) }
    }
}
