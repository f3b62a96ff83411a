import Files
import Logging
import Spool
import Terminals

/// `--once`: restores what is there, writes the bundle, and ends.
package struct OnceRun: Sendable {
    /// How it went.
    package struct Report: Sendable, Equatable {
        package var drain: DrainReport
        /// Why the bundle could not be written; it stays due.
        package var bundleProblem: ProgramFailure?
        package var duration: Duration

        package init(_ drain: DrainReport, bundleProblem: ProgramFailure? = nil, duration: Duration) {
            self.drain = drain
            self.bundleProblem = bundleProblem
            self.duration = duration
        }

        package var exitCode: ExitCode {
            // A run that was cut short says so first; a failure comes before what only needs time.
            if drain.isInterrupted || drain.pauseReason != nil, drain.remaining > 0 { return .tryAgain }
            if let bundleProblem { return bundleProblem.exitCode }
            if drain.failed > 0 { return .someFailed }
            return drain.remaining > 0 ? .tryAgain : .done
        }

        /// The one line that is printed.
        package var summary: String {
            var line = "\(drain.done) restored, \(drain.failed) failed, \(drain.remaining) left"
            let seconds = duration.inSeconds
            line += " in \(fixed(seconds, 1)) s"
            if drain.done > 0, seconds > 0 {
                line += " (\(fixed(Double(drain.done) * 60 / seconds, 1)) images/min)"
            }
            if let reason = drain.pauseReason { line += "; stopped, as the disk is at fault: \(reason)" }
            if drain.isInterrupted { line += "; interrupted" }
            return line
        }
    }

    /// How long a file may go on arriving once nothing else is left to do.
    package static let arrivalPatience = Duration.seconds(3)

    private let configuration: ServiceConfiguration
    private let assembly: Assembly

    /// - Throws: `ProgramFailure`.
    package init(_ configuration: ServiceConfiguration, logger: Logger) throws(ProgramFailure) {
        self.configuration = configuration
        assembly = try Assembly(configuration, logger: logger)
    }

    package var counts: SpoolSnapshot { assembly.counts }

    /// Runs to the end.
    ///
    /// - Throws: `ProgramFailure` where the spool cannot be opened.
    package func run() async throws -> Report {
        let start = ContinuousClock.now
        try assembly.start()
        var drained = await assembly.runner.drain(patience: configuration.settle + Self.arrivalPatience)
        // While the lock is held: another run would sweep what this one is writing. Nothing new is taken meanwhile.
        assembly.runner.pause()
        let bundleProblem = drained.isInterrupted && drained.remaining > 0 ? nil : writeBundle()
        await assembly.stop(within: configuration.drain)
        // What was at work may have ended since.
        (drained.done, drained.failed) = (counts.done, counts.failed)
        return Report(drained, bundleProblem: bundleProblem, duration: ContinuousClock.now - start)
    }

    private func writeBundle() -> ProgramFailure? {
        do {
            try assembly.bundler.writeIfDue()
            return nil
        } catch {
            return ProgramFailure(error)
        }
    }

    /// Ends the run early: what is in hand is finished; the rest, and the bundle, are left to the next run.
    package func interrupt() {
        assembly.restorer.close()
        assembly.runner.stop(within: configuration.drain) {}
    }

    /// Draws the bar, five times a second, until the task is cancelled; then once more, how it ended.
    package func draw(on terminal: Terminal) async {
        while !Task.isCancelled {
            drawOnce(on: terminal)
            try? await Task.sleep(for: .milliseconds(200))
        }
        drawOnce(on: terminal)
    }

    private func drawOnce(on terminal: Terminal) {
        let counts = counts
        let bar = ProgressBar(
            doneCount: counts.done, failedCount: counts.failed,
            totalCount: counts.done + counts.failed + counts.active + counts.queued + counts.arriving
                + counts.held, perMinute: assembly.perMinute)
        if bar.totalCount > 0 { terminal.show(bar.text(columns: Terminal.columnCount - 1)) }
    }
}
