import ArgumentParser

/// A flag for every key of the configuration file. Values are checked where the file's are, so that both say
/// the same of a wrong one.
struct SettingFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Where pictures arrive.", valueName: "dir"))
    var inbox: String?
    @Option(help: ArgumentHelp("Where restored pictures go.", valueName: "dir"))
    var outbox: String?
    @Option(help: ArgumentHelp("Claims, originals and failures (default: INBOX.spool).", valueName: "dir"))
    var spool: String?
    @Option(help: ArgumentHelp("Take one of N parts of the pictures, from 0.", valueName: "I/N|auto|auto/N"))
    var shard: String?
    @Option(help: ArgumentHelp("The checkpoint (default: the compact one).", valueName: "file"))
    var model: String?
    @Option(help: ArgumentHelp("Pictures at the same time.", valueName: "auto|N"))
    var workers: String?
    @Option(help: ArgumentHelp("Processor threads in all.", valueName: "auto|N"))
    var threads: String?
    @Option(help: ArgumentHelp("Restore at smaller sizes first.", valueName: "auto|1|1,2,4"))
    var scales: String?
    @Option(help: ArgumentHelp("Cut pictures into tiles of N pixels.", valueName: "auto|off|N"))
    var tile: String?
    @Option(help: ArgumentHelp("Pixels by which tiles overlap.", valueName: "N"))
    var tileOverlap: String?
    @Flag(inversion: .prefixedNo, help: "Eight-fold self-ensemble.")
    var tta: Bool?
    @Option(help: ArgumentHelp("What becomes of originals.", valueName: "archive|delete|keep"))
    var originals: String?
    @Option(help: ArgumentHelp("Format of restored pictures.", valueName: "same|png|jpeg"))
    var format: String?
    @Option(help: ArgumentHelp("Quality of JPEG files.", valueName: "1-100"))
    var jpegQuality: String?
    @Flag(inversion: .prefixedNo, help: "Write pred.npz and submission.zip when the queue has drained.")
    var bundle: Bool?
    @Option(help: ArgumentHelp("Where these two go (default: the outbox).", valueName: "dir"))
    var bundleFolder: String?
    @Option(help: ArgumentHelp("How long originals stay in the archive.", valueName: "off|30d|12h"))
    var archiveMaxAge: String?
    @Option(help: ArgumentHelp("How much of them stays, newest first.", valueName: "off|10G|500M"))
    var archiveMaxBytes: String?
    @Option(help: ArgumentHelp("How long failed pictures stay.", valueName: "off|30d|12h"))
    var failedMaxAge: String?
    @Option(help: ArgumentHelp("How much of them stays, newest first.", valueName: "off|10G|500M"))
    var failedMaxBytes: String?
    @Option(help: ArgumentHelp("How long a file rests before it is complete.", valueName: "seconds"))
    var settleSeconds: String?
    @Option(help: ArgumentHelp("Time between full scans of the inbox.", valueName: "seconds"))
    var rescanSeconds: String?
    @Option(help: ArgumentHelp("Attempts before a picture is given up.", valueName: "N"))
    var maxAttempts: String?
    @Option(help: ArgumentHelp("Largest width and height.", valueName: "pixels"))
    var maxSide: String?
    @Option(help: ArgumentHelp("Largest area.", valueName: "pixels"))
    var maxPixels: String?
    @Option(help: ArgumentHelp("How long a stop waits for pictures in hand.", valueName: "seconds"))
    var drainSeconds: String?
    @Option(help: ArgumentHelp("Silence of a worker that counts as a hang.", valueName: "seconds"))
    var stallSeconds: String?
    @Option(help: ArgumentHelp("Keep a Prometheus textfile there up to date.", valueName: "file"))
    var metricsFile: String?
    @Option(
        help: ArgumentHelp("From trace to critical (default: info; --once: warning).", valueName: "level"))
    var logLevel: String?
    @Option(help: ArgumentHelp("Shape of the log.", valueName: "auto|journal|text|json"))
    var logFormat: String?

    /// Each key with what was given for it, if anything was.
    var arguments: [(key: String, argument: String?)] {
        [
            ("inbox", inbox), ("outbox", outbox), ("spool", spool), ("shard", shard), ("model", model),
            ("workers", workers),
            ("threads", threads), ("scales", scales), ("tile", tile), ("tile-overlap", tileOverlap),
            ("tta", tta.map(String.init)),
            ("originals", originals), ("format", format), ("jpeg-quality", jpegQuality),
            ("bundle", bundle.map(String.init)), ("bundle-folder", bundleFolder),
            ("archive-max-age", archiveMaxAge), ("archive-max-bytes", archiveMaxBytes),
            ("failed-max-age", failedMaxAge), ("failed-max-bytes", failedMaxBytes),
            ("settle-seconds", settleSeconds), ("rescan-seconds", rescanSeconds),
            ("max-attempts", maxAttempts),
            ("max-side", maxSide), ("max-pixels", maxPixels), ("drain-seconds", drainSeconds),
            ("stall-seconds", stallSeconds), ("metrics-file", metricsFile),
            ("log-level", logLevel), ("log-format", logFormat),
        ]
    }
}
