import Files
import Spool

/// The output of `--status`: the state on disk, with or without a running daemon.
package struct StatusReport: Sendable {
    private let status: SpoolStatus

    /// - Throws: `ProgramFailure` if the spool or the inbox cannot be read.
    package init(_ configuration: ServiceConfiguration) throws(ProgramFailure) {
        do throws(FileError) {
            status = try SpoolStatus.read(configuration.spoolLayout)
        } catch {
            throw ProgramFailure(
                .configuration, "the state cannot be read: \(error); has the service run with these folders?",
                errno: error.errno.rawValue)
        }
    }

    /// Returns one JSON object, or a few lines for people, ending with a line break.
    package func text(asJSON: Bool) -> String {
        if asJSON { return status.json + "\n" }
        var lines = [
            status.isRunning ? "running\(status.pid.map { " as process \($0)" } ?? "")" : "not running",
            (status.inbox.map { "\($0) in the inbox" } ?? "the inbox is missing")
                + ", \(status.claimed) claimed, \(status.waiting) waiting for another attempt",
            "\(status.archived) archived, \(status.failed) failed",
        ]
        if let last = status.last {
            let run = status.isRunning ? "this run" : "the last run"
            lines.append("\(run): \(last.done) done, \(last.failed) failed, \(last.retried) retried")
            if status.isRunning, let reason = last.pauseReason { lines.append("paused: \(reason)") }
            if status.isRunning, let reason = last.blockedReason {
                lines.append("\(last.blocked) blocked: \(reason)")
            }
            if let model = last.versions["model"] {
                let precision = last.versions["precision"].map { ", \($0)" } ?? ""
                lines.append("model \(model)\(precision)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
