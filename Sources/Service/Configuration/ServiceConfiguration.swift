import Files
import Logging
import PromptIR
import Restoration
import Spool

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
    package var shard = ShardSetting.whole
    /// The checkpoint; empty: the model that ships with the program.
    package var model: Path = ""

    // MARK: Work

    /// Pictures restored at the same time; nil: one for each thread.
    package var workers: Int?
    /// Processor threads in all; nil: as many as the process may use.
    package var threads: Int?
    /// At which sizes a picture is restored.
    package var scales = ScaleMode.auto
    package var tile = TileMode.auto
    /// Pixels by which neighbouring tiles overlap.
    package var tileOverlap = TilePlan.defaultOverlap
    /// The eight-fold self-ensemble: better by a little, slower by eight.
    package var tta = false

    // MARK: Results

    package var originals = SpoolOptions.Originals.archive
    package var format = OutputFormat.same
    /// Quality of JPEG files, 1 to 100.
    package var jpegQuality = RestorationOptions.defaultJPEGQuality
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

    /// The bundle's folder: the configured one, or the outbox.
    package var effectiveBundleFolder: Path { bundleFolder.isEmpty ? outbox : bundleFolder }
}

/// The shape of the log.
package enum LogFormat: String, Sendable, CaseIterable {
    /// The journal if standard error leads there, text otherwise.
    case auto
    case journal
    case text
    case json
}
