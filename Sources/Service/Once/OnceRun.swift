import Logging
import Spool
import Terminals

/// `--once`: restores what is there, writes the bundle, and ends.
package struct OnceRun: Sendable {
    /// How it went.
    package struct Report: Sendable, Equatable {
        package var doneCount: Int
        package var failedCount: Int
        /// Left for the next run: still arriving, or returned because the run was stopped or the disk is at fault.
        package var remainingCount: Int
        package var pause: String?
        package var isInterrupted: Bool
        /// Why the bundle could not be written; it stays due.
        package var bundleProblem: ProgramFailure?
        package var duration: Duration

        package init(
            doneCount: Int, failedCount: Int, remainingCount: Int, pause: String?, isInterrupted: Bool,
            bundleProblem: ProgramFailure? = nil, duration: Duration
        ) {
            self.doneCount = doneCount
            self.failedCount = failedCount
            self.remainingCount = remainingCount
            self.pause = pause
            self.isInterrupted = isInterrupted
            self.bundleProblem = bundleProblem
            self.duration = duration
        }

        package var exitCode: ExitCode {
            // A run that was cut short says so first; a failure comes before what only needs time.
            if isInterrupted || pause != nil, remainingCount > 0 { return .tryAgain }
            if let bundleProblem { return bundleProblem.exitCode }
            if failedCount > 0 { return .someFailed }
            return remainingCount > 0 ? .tryAgain : .done
        }

        /// The one line that is printed.
        package var summary: String {
            var line = "\(doneCount) restored, \(failedCount) failed, \(remainingCount) left"
            let seconds = duration.inSeconds
            line += " in \(fixed(seconds, 1)) s"
            if doneCount > 0, seconds > 0 {
                line += " (\(fixed(Double(doneCount) * 60 / seconds, 1)) images/min)"
            }
            if let pause { line += "; stopped, as the disk is at fault: \(pause)" }
            if isInterrupted { line += "; interrupted" }
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

    package var tally: Tally { assembly.tally }

    /// Runs to the end.
    ///
    /// - Throws: `ProgramFailure` where the spool cannot be opened.
    package func run() async throws -> Report {
        let start = ContinuousClock.now
        try assembly.start()
        let drained = await assembly.runner.drain(patience: configuration.settle + Self.arrivalPatience)
        // While the lock is held: another run would sweep what this one is writing. Nothing new is taken meanwhile.
        assembly.runner.pause()
        let bundleProblem = drained.isInterrupted && drained.remaining > 0 ? nil : writeBundle()
        await assembly.stop(within: configuration.drain)
        let counts = assembly.runner.snapshot
        return Report(
            doneCount: counts.done, failedCount: counts.failed, remainingCount: drained.remaining,
            pause: drained.pauseReason, isInterrupted: drained.isInterrupted,
            bundleProblem: bundleProblem, duration: ContinuousClock.now - start)
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
}
