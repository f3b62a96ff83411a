import Files
import Images
import Logging
import PromptIR
import Restoration
import Spool
import Tensors

/// All settings. The keys of the file and the flags of the command line have the same names; `Setting.all`
/// connects each of them with a property of this type.
package struct ServiceConfiguration: Sendable, Equatable {
    // MARK: Places

    /// The folder where pictures arrive. Required.
    package var inbox: Path = ""
    /// The folder for restored pictures. Required.
    package var outbox: Path = ""
    /// The folder for claims, originals and failed pictures, on the inbox's filesystem; empty: beside the
    /// inbox.
    package var spool: Path = ""
    /// The part of the inbox's pictures that this process restores.
    package var shard = ShardSetting.whole
    /// The checkpoint; empty: the weights that ship with the program.
    package var model: Path = ""
    /// The type in which the network multiplies.
    package var precision = Precision.float32

    // MARK: Work

    /// The number of pictures restored at the same time; nil: one for each thread.
    package var workers: Int?
    /// The total number of processor threads; nil: as many as the process may use.
    package var threads: Int?
    /// The sizes at which a picture is restored.
    package var scales = ScaleMode.auto
    package var tile = TileMode.auto
    /// The number of pixels by which neighbouring tiles overlap.
    package var tileOverlap = TilePlan.defaultOverlap
    /// Whether to average over eight flips and turns: slightly better, eight times the time.
    package var tta = false
    /// How much of the restored picture is in the result, 0 to 1; the rest is the original.
    package var strength = 1.0

    /// Bytes of memory to plan with, for all pictures at work; zero: what the limits of the process leave.
    package var memoryLimit = 0

    // MARK: Results

    package var originals = SpoolOptions.Originals.archive
    package var format = OutputFormat.same
    /// The quality of JPEG files, 1 to 100.
    package var jpegQuality = RestorationOptions.defaultJPEGQuality
    /// Whether pred.npz and submission.zip are written when the queue has drained.
    package var bundle = true
    /// The folder for these two files; empty: the outbox.
    package var bundleFolder: Path = ""
    /// Whether a page that shows the pictures is kept beside them.
    package var report = false

    // MARK: Keeping

    /// How long originals are kept in the archive; zero: for ever.
    package var archiveMaxAge = Duration.zero
    /// How many bytes of originals are kept; zero: all.
    package var archiveMaxBytes = 0
    /// The same limits for quarantined pictures.
    package var failedMaxAge = Duration.zero
    package var failedMaxBytes = 0
    /// The same limits for restored pictures.
    package var outboxMaxAge = Duration.zero
    package var outboxMaxBytes = 0

    // MARK: Intake

    /// How long a file must be unmodified before it counts as complete.
    package var settle = Duration.seconds(1)
    /// How often the whole inbox is scanned; inotify events in between are only hints.
    package var rescan = Duration.seconds(30)
    /// The number of attempts before a picture is quarantined.
    package var maxAttempts = 3
    /// The largest width and height that is decoded, in pixels.
    package var maxSide = 65_535
    /// The largest area that is decoded, in pixels.
    package var maxPixels = 100_000_000
    /// The largest file that is read, in bytes.
    package var maxFileSize = PictureLimits().maximumFileByteCount

    // MARK: Service

    /// How long a stop waits for pictures being processed before it returns them to the queue.
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

/// The format of the log.
package enum LogFormat: String, Sendable, CaseIterable {
    /// The journal if standard error is connected to it, otherwise text.
    case auto
    case journal
    case text
    case json
}
