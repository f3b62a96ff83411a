import Service

extension OnceRun {
    /// Draws the bar, five times a second, until the task is cancelled.
    package func draw(on terminal: Terminal) async {
        while !Task.isCancelled {
            let tally = tally
            let bar = ProgressBar(
                doneCount: tally.doneCount, failedCount: tally.failedCount,
                totalCount: tally.doneCount + tally.failedCount + tally.activeCount + tally.queuedCount
                    + tally.arrivingCount, perMinute: tally.perMinute)
            if bar.totalCount > 0 { terminal.show(bar.text(columns: Terminal.columnCount - 1)) }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }
}
