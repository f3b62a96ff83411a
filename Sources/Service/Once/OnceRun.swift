import Files
import Logging
import Spool
import Terminals

/// The `--once` mode: it restores the pictures that are there, writes the bundle and the report, and ends.
package struct OnceRun: Sendable {
    /// The result of the run.
    package struct Report: Sendable, Equatable {
        package var drain: DrainReport
        /// Why the bundle could not be written; it is then still due.
        package var bundleProblem: ProgramFailure?
        package var duration: Duration

        package init(_ drain: DrainReport, bundleProblem: ProgramFailure? = nil, duration: Duration) {
            self.drain = drain
            self.bundleProblem = bundleProblem
            self.duration = duration
        }

        package var exitCode: ExitCode {
            if drain.isModelAtFault { return .configuration }
            // An interrupted run reports that first. A failure takes precedence over pictures that only need
            // time.
            if drain.isInterrupted || drain.pauseReason != nil, drain.remaining > 0 { return .tryAgain }
            if let bundleProblem { return bundleProblem.exitCode }
            if drain.failed > 0 { return .someFailed }
            return drain.remaining > 0 ? .tryAgain : .done
        }

        /// The line that is printed.
        package var summary: String {
            var line = "\(drain.done) restored, \(drain.failed) failed, \(drain.remaining) left"
            let seconds = duration.inSeconds
            line += " in \(fixed(seconds, 1)) s"
            if drain.done > 0, seconds > 0 {
                line += " (\(fixed(Double(drain.done) * 60 / seconds, 1)) images/min)"
            }
            if let reason = drain.pauseReason {
                let culprit = drain.isModelAtFault ? "model" : "machine"
                line += "; stopped by a problem of the \(culprit): \(reason)"
            }
            if drain.isInterrupted { line += "; interrupted" }
            return line
        }
    }

    /// How long the run waits for arriving files when nothing else is left to do.
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
    /// - Throws: `ProgramFailure` if the spool cannot be opened.
    package func run() async throws -> Report {
        let start = ContinuousClock.now
        try assembly.start()
        var drained = await assembly.runner.drain(patience: configuration.settle + Self.arrivalPatience)
        // The bundle is written while the lock is held, because another process would remove the half-written
        // file. No picture is claimed meanwhile.
        assembly.runner.pause()
        let isCutShort = drained.isInterrupted && drained.remaining > 0
        let bundleProblem = isCutShort ? nil : writeBundle()
        if !isCutShort { assembly.reporter.write() }
        await assembly.stop(within: configuration.drain)
        // Pictures that were being processed may be finished now.
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

    /// Ends the run early: pictures being processed are finished; the next run does the rest and the bundle.
    package func interrupt() {
        assembly.restorer.close()
        assembly.reporter.stop(atMost: .zero)
        assembly.runner.stop(within: configuration.drain) {}
    }

    /// Draws the progress bar five times a second until the task is cancelled, then once more with the final
    /// state.
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
                + counts.held + counts.beyond, perMinute: assembly.perMinute)
        if bar.totalCount > 0 { terminal.show(bar.text(columns: Terminal.columnCount - 1)) }
    }
}
