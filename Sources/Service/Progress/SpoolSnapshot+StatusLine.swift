import Spool
import Terminals

extension SpoolSnapshot {
    /// Whether nothing waits and nothing is being processed.
    package var hasNoWork: Bool { active + queued + beyond == 0 }

    /// What is in the inbox and not taken, and why; each part in words.
    package var leftInInbox: [String] {
        var parts: [String] = []
        if held > 0 { parts.append("\(held) held (\(heldReason ?? blockedReason ?? "not complete yet"))") }
        if unreadable > 0 {
            let reason = unreadableReason ?? "see the log"
            parts.append("\(unreadable) unreadable (\(reason); chmod -R g+rX by the owner opens it)")
        }
        if copied > 0 {
            parts.append("\(copied) copied, the originals stay (their folders are not writable)")
        }
        return parts
    }

    /// Returns the line that `systemctl status` shows.
    package func statusLine(perMinute: Double) -> String {
        var line =
            "\(active) active, \(queued) queued, \(done) done, \(failed) failed, "
            + "\(fixed(perMinute, 1)) images/min"
        if beyond > 0 { line += "; \(beyond) more in the inbox" }
        for part in leftInInbox { line += "; " + part }
        if blocked > 0 { line += "; \(blocked) blocked (\(blockedReason ?? "see the log"))" }
        return pauseReason.map { "paused (\($0)); \(line)" } ?? line
    }
}
