import Files
import Terminals

/// Whether a small picture can be restored, from its file to the restored file.
package struct SelfTestCheck: Sendable {
    package static let side = 256

    package var threadCount: Int
    /// The wall-clock time; nil if it failed for the reason in `problem`.
    package var duration: Duration?
    package var problem: String?

    package init(threadCount: Int, duration: Duration?, problem: String? = nil) {
        self.threadCount = threadCount
        self.duration = duration
        self.problem = problem
    }

    package var finding: Finding {
        guard let duration else {
            return .failed(
                "self-test", "a picture could not be restored: \(problem ?? "no result")",
                advice: "compare the digest of the weights with that of their source")
        }
        let threads = threadCount == 1 ? "1 thread" : "\(threadCount) threads"
        return .ok(
            "self-test",
            "a picture of \(Self.side)×\(Self.side) in \(fixed(duration.inSeconds, 2)) s with \(threads)")
    }
}
