import Files
import Spool

/// The output of `--status`: the state on disk, with or without a running daemon.
package struct StatusReport: Sendable {
    private let status: SpoolStatus
    /// The spools of shards within this one.
    private let shards: [(shard: Shard, status: SpoolStatus)]

    /// - Throws: `ProgramFailure` if the spool or the inbox cannot be read.
    package init(_ configuration: ServiceConfiguration) throws(ProgramFailure) {
        do throws(FileError) {
            let layout = configuration.spoolLayout
            status = try SpoolStatus.read(layout)
            var shards: [(shard: Shard, status: SpoolStatus)] = []
            for shard in try layout.shard == nil ? SpoolStatus.shards(layout) : [] {
                shards.append((shard, try SpoolStatus.read(layout.part(shard))))
            }
            self.shards = shards
        } catch {
            throw ProgramFailure(
                .configuration, "the state cannot be read: \(error); has the service run with these folders?",
                errno: error.errno.rawValue)
        }
    }

    /// Returns one JSON object, or a few lines for people, ending with a line break.
    package func text(asJSON: Bool) -> String {
        if asJSON { return status.json + "\n" }
        if shards.isEmpty { return lines.joined() }
        let parts = shards.map { shard, status in
            "\(shard): \(Self.state(of: status)), \(Self.counts(of: [status]))\n"
        }
        // A spool that only contains those of shards has never been worked on itself.
        let isUsed = status.pid != nil
        let all = shards.map(\.status) + (isUsed ? [status] : [])
        let inbox = status.inbox.map { "\($0) in the inbox" } ?? "the inbox is missing"
        let total =
            "total of \(shards.count) shards: \(all.count(where: \.isRunning)) running, \(inbox), \(Self.counts(of: all))\n"
        return (isUsed ? lines : []).joined() + parts.joined() + total
    }

    private static func counts(of spools: [SpoolStatus]) -> String {
        func sum(_ count: KeyPath<SpoolStatus, Int>) -> Int { spools.reduce(0) { $0 + $1[keyPath: count] } }
        return "\(sum(\.claimed)) claimed, \(sum(\.waiting)) waiting for another attempt, "
            + "\(sum(\.archived)) archived, \(sum(\.failed)) failed"
    }

    private static func state(of status: SpoolStatus) -> String {
        status.isRunning ? "running\(status.pid.map { " as process \($0)" } ?? "")" : "not running"
    }

    /// The lines for people, each with its line break.
    private var lines: [String] {
        var lines = [
            Self.state(of: status),
            (status.inbox.map { "\($0) in the inbox" } ?? "the inbox is missing")
                + ", \(status.claimed) claimed, \(status.waiting) waiting for another attempt",
            "\(status.archived) archived, \(status.failed) failed",
        ]
        if let last = status.last {
            let run = status.isRunning ? "this run" : "the last run"
            lines.append("\(run): \(last.done) done, \(last.failed) failed, \(last.retried) retried")
            if status.isRunning, let reason = last.pauseReason { lines.append("paused: \(reason)") }
            if status.isRunning { lines += last.leftInInbox }
            if status.isRunning, let reason = last.blockedReason {
                lines.append("\(last.blocked) blocked: \(reason)")
            }
            if let model = last.versions["model"] {
                let precision = last.versions["precision"].map { ", \($0)" } ?? ""
                lines.append("model \(model)\(precision)")
            }
        }
        return lines.map { $0 + "\n" }
    }
}
