import Files
import Logging

/// Everything that can be configured. The keys of the file and the flags of the command line bear the same
/// names; `Setting.all` ties each of them to a property here.
package struct ServiceConfiguration: Sendable, Equatable {
    // MARK: Places

    /// Where pictures arrive. Required.
    package var inbox: Path = ""
    /// Where restored pictures go. Required.
    package var outbox: Path = ""
    /// Where claims, originals and failed pictures live, on the inbox's filesystem; empty: beside the inbox.
    package var spool: Path = ""
    /// Which part of the inbox's pictures is this run's.
    package var shard = ShardChoice.whole
    /// The checkpoint; empty: the model that ships with the program.
    package var model: Path = ""

    // MARK: Work

    /// Pictures restored at the same time.
    package var workers = CountChoice.automatic
    /// Processor threads in all.
    package var threads = CountChoice.automatic
    /// At which sizes a picture is restored.
    package var scales = ScalesChoice.automatic
    package var tile = TileChoice.automatic
    /// Pixels by which neighbouring tiles overlap.
    package var tileOverlap = 32
    /// The eight-fold self-ensemble: better by a little, slower by eight.
    package var tta = false

    // MARK: Results

    package var originals = OriginalsChoice.archive
    package var format = FormatChoice.same
    /// Quality of JPEG files, 1 to 100.
    package var jpegQuality = 95
    /// Whether pred.npz and submission.zip are written when the queue has drained.
    package var bundle = true
    /// The folder of those two files; empty: the outbox.
    package var bundleFolder: Path = ""

    // MARK: Keeping

    /// How long originals are kept in the archive; zero: for ever.
    package var archiveMaxAge = Duration.zero
    /// Bytes of originals that are kept; zero: all.
    package var archiveMaxBytes = 0
    /// The same of pictures that were given up, with their reasons.
    package var failedMaxAge = Duration.zero
    package var failedMaxBytes = 0

    // MARK: Intake

    /// How long a file must rest before it counts as complete.
    package var settle = Duration.seconds(1)
    /// How often the inbox is scanned in full; the events between are hints.
    package var rescan = Duration.seconds(30)
    /// Attempts before a picture is given up.
    package var maxAttempts = 3
    /// The largest width and height that is decoded, in pixels.
    package var maxSide = 65_535
    /// The largest area that is decoded, in pixels.
    package var maxPixels = 100_000_000

    // MARK: Service

    /// How long a stop waits for pictures in hand before it returns them to the queue.
    package var drain = Duration.seconds(60)
    /// How long a busy worker may show no progress before the watchdog's pings cease.
    package var stall = Duration.seconds(120)
    /// A Prometheus textfile that is kept up to date; empty: none.
    package var metricsFile: Path = ""
    package var logLevel = Logger.Level.info
    package var logFormat = LogFormat.auto

    package init() {}

    /// The spool's root: the configured one, or `INBOX.spool`, which lies on the inbox's filesystem unless the
    /// inbox is a mount of its own.
    package var effectiveSpool: Path {
        if case .exactly(let index, let count) = shard {
            return wholeSpool.appending(Path("shard-\(index)-of-\(count)"))
        }
        return wholeSpool
    }

    /// The spool of all shards.
    private var wholeSpool: Path {
        spool.isEmpty ? inbox.withoutTrailingSlashes.addingSuffix(".spool") : spool
    }

    /// The bundle's folder: the configured one, or the outbox.
    package var effectiveBundleFolder: Path { bundleFolder.isEmpty ? outbox : bundleFolder }
}

/// A number, or the machine's own.
package enum CountChoice: Sendable, Equatable {
    case automatic
    case exactly(Int)
}

/// Which of the inbox's pictures a run takes, where several share it.
package enum ShardChoice: Sendable, Equatable {
    /// All of them.
    case whole
    /// Part `index` of `count`, from 0.
    case exactly(index: Int, count: Int)
    /// The part that a scheduler's environment says; of `count`, where that does not say it.
    case fromEnvironment(count: Int?)

    /// `I/N`, `auto` or `auto/N`; empty for all.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let count = parts.count == 2 ? Int(parts[1]) : nil
        switch (parts.count, parts[0]) {
        case (1, ""): self = .whole
        case (1, "auto"): self = .fromEnvironment(count: nil)
        case (2, "auto"):
            guard let count, Self.counts.contains(count) else { return nil }
            self = .fromEnvironment(count: count)
        case (2, let index):
            guard let index = Int(index), let count, Self.counts.contains(count), (0..<count).contains(index)
            else {
                return nil
            }
            self = .exactly(index: index, count: count)
        default: return nil
        }
    }

    private static let counts = 1...100_000

    var text: String {
        switch self {
        case .whole: ""
        case .exactly(let index, let count): "\(index)/\(count)"
        case .fromEnvironment(let count): count.map { "auto/\($0)" } ?? "auto"
        }
    }

    /// The part that Slurm (job arrays) or Kubernetes (indexed jobs) gave this process.
    /// - Throws: `ConfigurationError`.
    package func resolved(_ environment: (String) -> String?) throws -> ShardChoice {
        guard case .fromEnvironment(let given) = self else { return self }
        func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
        func refusal(_ expected: String, _ advice: String) -> ConfigurationError {
            ConfigurationError(
                source: .combination, key: "shard", expected: expected, found: "\"\(text)\"", advice: advice)
        }
        let index: Int
        if let task = number("SLURM_ARRAY_TASK_ID") {
            // Arrays may begin anywhere and step.
            let first = number("SLURM_ARRAY_TASK_MIN") ?? 0
            index = (task - first) / max(number("SLURM_ARRAY_TASK_STEP") ?? 1, 1)
        } else if let completion = number("JOB_COMPLETION_INDEX") {
            index = completion
        } else {
            throw refusal(
                "SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX in the environment",
                "run it in an array, or give I/N")
        }
        guard let count = given ?? number("SLURM_ARRAY_TASK_COUNT"), Self.counts.contains(count) else {
            throw refusal(
                "SLURM_ARRAY_TASK_COUNT in the environment", "say of how many parts: auto/N")
        }
        guard (0..<count).contains(index) else {
            throw refusal(
                "a part from 0 to \(count - 1)", "the environment says \(index): is N the array's size?")
        }
        return .exactly(index: index, count: count)
    }
}

/// At which scales a picture is restored.
package enum ScalesChoice: Sendable, Equatable {
    /// At full size, and at smaller ones where that finds more.
    case automatic
    /// At these: by which factors the picture is made smaller, 1 first.
    case factors([Int])

    /// `auto`, or `1` followed by any of 2, 4 and 8 in rising order.
    package init?(_ text: String) {
        if text == "auto" {
            self = .automatic
            return
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let factors = parts.compactMap { part in [1, 2, 4, 8].first { String($0) == part } }
        guard factors.count == parts.count, factors.first == 1,
            zip(factors, factors.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        self = .factors(factors)
    }

    var text: String {
        switch self {
        case .automatic: "auto"
        case .factors(let factors): factors.map(String.init).joined(separator: ",")
        }
    }
}

/// Whether a picture is cut into tiles.
package enum TileChoice: Sendable, Equatable {
    /// Only where a picture does not fit into memory as a whole.
    case automatic
    case off
    /// Always, with this side in pixels.
    case side(Int)
}

/// What happens to an original once its restored picture is safe.
package enum OriginalsChoice: String, Sendable, CaseIterable {
    case archive
    case delete
    case keep
}

/// The format of restored pictures.
package enum FormatChoice: String, Sendable, CaseIterable {
    case same
    case png
    case jpeg
}

/// The shape of the log.
package enum LogFormat: String, Sendable, CaseIterable {
    /// The journal if standard error leads there, text otherwise.
    case auto
    case journal
    case text
    case json
}
