import Spool
import Terminals

extension SpoolSnapshot {
    /// Whether nothing waits and nothing is being processed.
    package var hasNoWork: Bool { active + queued + beyond == 0 }

    /// Returns the line that `systemctl status` shows.
    package func statusLine(perMinute: Double) -> String {
        var line =
            "\(active) active, \(queued) queued, \(done) done, \(failed) failed, "
            + "\(fixed(perMinute, 1)) images/min"
        if beyond > 0 { line += "; \(beyond) more in the inbox" }
        if blocked > 0 { line += "; \(blocked) blocked (\(blockedReason ?? "see the log"))" }
        return pauseReason.map { "paused (\($0)); \(line)" } ?? line
    }
}
