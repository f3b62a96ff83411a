import Logging

/// Everything that can be configured. The keys of the file and the flags of the command line bear the same
/// names; `Setting.all` ties each of them to a property here.
public struct ServiceConfiguration: Sendable, Equatable {
    // MARK: Places

    /// Where pictures arrive. Required.
    public var inbox = ""
    /// Where restored pictures go. Required.
    public var outbox = ""
    /// Where claims, originals and failed pictures live, on the inbox's filesystem; empty: beside the inbox.
    public var spool = ""
    /// The checkpoint; empty: the model that ships with the program.
    public var model = ""

    // MARK: Work

    /// Pictures restored at the same time.
    public var workers = CountChoice.automatic
    /// Processor threads in all.
    public var threads = CountChoice.automatic
    public var tile = TileChoice.automatic
    /// Pixels by which neighbouring tiles overlap.
    public var tileOverlap = 32
    /// The eight-fold self-ensemble: better by a little, slower by eight.
    public var tta = false

    // MARK: Results

    public var originals = OriginalsChoice.archive
    public var format = FormatChoice.same
    /// Quality of JPEG files, 1 to 100.
    public var jpegQuality = 95
    /// Whether pred.npz and submission.zip are written when the queue has drained.
    public var bundle = true
    /// The folder of those two files; empty: the outbox.
    public var bundleFolder = ""

    // MARK: Intake

    /// How long a file must rest before it counts as complete.
    public var settle = Duration.seconds(1)
    /// How often the inbox is scanned in full; the events between are hints.
    public var rescan = Duration.seconds(30)
    /// Attempts before a picture is given up.
    public var maxAttempts = 3
    /// The largest width and height that is decoded, in pixels.
    public var maxSide = 65_535
    /// The largest area that is decoded, in pixels.
    public var maxPixels = 100_000_000

    // MARK: Service

    /// How long a stop waits for pictures in hand before it returns them to the queue.
    public var drain = Duration.seconds(60)
    /// How long a busy worker may show no progress before the watchdog's pings cease.
    public var stall = Duration.seconds(120)
    public var logLevel = Logger.Level.info
    public var logFormat = LogFormat.auto

    public init() {}

    /// The spool's root: the configured one, or `INBOX.spool`, which lies on the inbox's filesystem unless the
    /// inbox is a mount of its own.
    public var effectiveSpool: String {
        guard spool.isEmpty else { return spool }
        let end = inbox.lastIndex { $0 != "/" }.map { inbox.index(after: $0) } ?? inbox.startIndex
        return inbox[..<end] + ".spool"
    }

    /// The bundle's folder: the configured one, or the outbox.
    public var effectiveBundleFolder: String { bundleFolder.isEmpty ? outbox : bundleFolder }
}

/// A number, or the machine's own.
public enum CountChoice: Sendable, Equatable {
    case automatic
    case exactly(Int)
}

/// Whether a picture is cut into tiles.
public enum TileChoice: Sendable, Equatable {
    /// Only where a picture does not fit into memory as a whole.
    case automatic
    case off
    /// Always, with this side in pixels.
    case side(Int)
}

/// What happens to an original once its restored picture is safe.
public enum OriginalsChoice: String, Sendable, CaseIterable {
    case archive
    case delete
    case keep
}

/// The format of restored pictures.
public enum FormatChoice: String, Sendable, CaseIterable {
    case same
    case png
    case jpeg
}

/// The shape of the log.
public enum LogFormat: String, Sendable, CaseIterable {
    /// The journal if standard error leads there, text otherwise.
    case auto
    case journal
    case text
    case json
}
