import Dispatch
import Glibc
import Spool

extension DaemonRun {
    /// The time between two tries to open the spool. It doubles from the first to the second value.
    private static let openingDelays = (first: Duration.seconds(1), last: Duration.seconds(60))

    /// Opens the spool and scans the inbox once. If a disk is full, read-only or failing, or a folder may not
    /// be entered, the start waits, as the spool does later, and tells the service manager why.
    ///
    /// - Returns: false if a stop was requested meanwhile.
    /// - Throws: `ProgramFailure` for a problem that does not pass by itself.
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

    /// Sleeps until the time is over or a stop is requested.
    private func sleep(_ duration: Duration) async {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end, !isStopRequested.load(ordering: .acquiring) {
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Extends the service manager's start timeout every few seconds while `body` runs, because reading a
    /// huge checkpoint from a slow disk is no failure.
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
