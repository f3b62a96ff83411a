import Terminals

/// What there is to say about the work at one moment.
package struct Tally: Sendable, Equatable {
    package var activeCount = 0
    package var queuedCount = 0
    package var doneCount = 0
    package var failedCount = 0
    /// In the inbox, not known to be whole.
    package var arrivingCount = 0
    package var perMinute = 0.0
    /// Why the intake rests, if it does.
    package var pause: String?
    /// Pictures that wait for one folder to be put right, and why.
    package var blockedCount = 0
    package var blockage: String?

    package init() {}

    /// Nothing waits and nothing is in hand.
    package var hasNoWork: Bool { activeCount + queuedCount == 0 }

    /// The line that `systemctl status` shows.
    package var statusLine: String {
        var counts =
            "\(activeCount) active, \(queuedCount) queued, \(doneCount) done, \(failedCount) failed, "
            + "\(fixed(perMinute, 1)) images/min"
        if blockedCount > 0 { counts += "; \(blockedCount) blocked (\(blockage ?? "see the log"))" }
        return pause.map { "paused (\($0)); \(counts)" } ?? counts
    }
}
