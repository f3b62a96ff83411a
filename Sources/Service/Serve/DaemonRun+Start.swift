import Dispatch
import Glibc
import Spool

extension DaemonRun {
    /// Between two tries to open the spool: doubles from the first to the second.
    private static let openingDelays = (first: Duration.seconds(1), last: Duration.seconds(60))

    /// Opens the spool and scans the inbox once. A disk that is full, read-only or failing, and a folder that may not
    /// be entered, are waited for as they are later: the manager is told why, and the start goes on by itself.
    ///
    /// - Returns: false if a stop was requested meanwhile.
    /// - Throws: `ProgramFailure` for what does not heal by itself.
    func open() async throws(ProgramFailure) -> Bool {
        var delay = Self.openingDelays.first
        var reason: String?
        while !isStopRequested.load(ordering: .acquiring) {
            do throws(ProgramFailure) {
                try Self.extendingStart(notifier) { () throws(ProgramFailure) in try assembly.start() }
                if reason != nil { logger.event(.resumed, level: .notice, "the spool is open") }
                return true
            } catch {
                guard error.mayHealByItself else { throw error }
                notifier.send(.status("paused (\(error))"), .extendTimeout(.seconds(120)))
                if reason != error.description {
                    reason = error.description
                    logger.event(
                        .paused, level: .error, "the spool cannot be opened yet: trying again",
                        ["reason": "\(error)"])
                }
                await sleep(delay * Double.random(in: 0.75...1.25))
                delay = min(delay * 2, Self.openingDelays.last)
            }
        }
        return false
    }

    /// Sleeps, but no longer than until a stop is requested.
    private func sleep(_ duration: Duration) async {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end, !isStopRequested.load(ordering: .acquiring) {
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Asks the manager for patience every few seconds while `body` runs: a huge checkpoint on a slow disk is not
    /// a start that failed.
    static func extendingStart<Result>(
        _ notifier: any ServiceNotifying, _ body: () throws(ProgramFailure) -> Result
    ) throws(ProgramFailure) -> Result {
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "promptir.start"))
        timer.schedule(deadline: .now() + .seconds(10), repeating: .seconds(10))
        timer.setEventHandler { notifier.send(.extendTimeout(.seconds(60))) }
        timer.activate()
        defer { timer.cancel() }
        return try body()
    }
}
