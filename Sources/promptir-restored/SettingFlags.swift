import ArgumentParser

/// A flag for every key of the configuration file. Flags and file are checked by the same code, so that the errors are
/// the same.
struct SettingFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Where pictures arrive.", valueName: "dir"))
    var inbox: String?
    @Option(help: ArgumentHelp("Where restored pictures go.", valueName: "dir"))
    var outbox: String?
    @Option(
        help: ArgumentHelp("Claimed, archived and failed pictures (default: INBOX.spool).", valueName: "dir"))
    var spool: String?
    @Option(
        help: ArgumentHelp(
            "Process part I of N of the pictures, counted from 0.", valueName: "I/N|auto|auto/N"))
    var shard: String?
    @Option(
        help: ArgumentHelp("PromptIR checkpoint (default: the compact one that ships).", valueName: "file"))
    var model: String?
    @Option(
        help: ArgumentHelp("The type in which the network multiplies.", valueName: "float32|bfloat16|int8"))
    var precision: String?
    @Option(help: ArgumentHelp("Pictures restored at the same time.", valueName: "auto|N"))
    var workers: String?
    @Option(help: ArgumentHelp("Processor threads in total.", valueName: "auto|N"))
    var threads: String?
    @Option(help: ArgumentHelp("Sizes at which pictures are restored.", valueName: "auto|1|1,2,4"))
    var scales: String?
    @Option(help: ArgumentHelp("Restore pictures in tiles of N pixels.", valueName: "auto|off|N"))
    var tile: String?
    @Option(help: ArgumentHelp("Pixels by which tiles overlap.", valueName: "N"))
    var tileOverlap: String?
    @Flag(inversion: .prefixedNo, help: "Average over eight flips and turns.")
    var tta: Bool?
    @Option(
        help: ArgumentHelp("Part of the restored picture in the result; 0: the original.", valueName: "0-1"))
    var strength: String?
    @Option(help: ArgumentHelp("Memory to plan with for all pictures.", valueName: "auto|4G"))
    var memoryLimit: String?
    @Option(help: ArgumentHelp("What happens to originals.", valueName: "archive|delete|keep"))
    var originals: String?
    @Option(help: ArgumentHelp("Format of restored pictures.", valueName: "same|png|jpeg"))
    var format: String?
    @Option(help: ArgumentHelp("Quality of JPEG files.", valueName: "1-100"))
    var jpegQuality: String?
    @Flag(
        inversion: .prefixedNo,
        help: "Write pred.npz and submission.zip when the queue is empty (the shipped file: off).")
    var bundle: Bool?
    @Option(help: ArgumentHelp("Folder of these two files (default: the outbox).", valueName: "dir"))
    var bundleFolder: String?
    @Flag(inversion: .prefixedNo, help: "Keep report.html beside them, a page that shows the pictures.")
    var report: Bool?
    @Option(help: ArgumentHelp("How long originals stay in the archive.", valueName: "off|30d|12h"))
    var archiveMaxAge: String?
    @Option(help: ArgumentHelp("Bytes that stay; the oldest are removed first.", valueName: "off|10G|500M"))
    var archiveMaxBytes: String?
    @Option(help: ArgumentHelp("How long failed pictures stay.", valueName: "off|30d|12h"))
    var failedMaxAge: String?
    @Option(help: ArgumentHelp("Bytes that stay; the oldest are removed first.", valueName: "off|10G|500M"))
    var failedMaxBytes: String?
    @Option(help: ArgumentHelp("How long results stay in the outbox.", valueName: "off|30d|12h"))
    var outboxMaxAge: String?
    @Option(help: ArgumentHelp("Bytes that stay; the oldest are removed first.", valueName: "off|10G|500M"))
    var outboxMaxBytes: String?
    @Option(help: ArgumentHelp("How long a file must rest to be complete.", valueName: "seconds"))
    var settleSeconds: String?
    @Option(help: ArgumentHelp("Time between full scans of the inbox.", valueName: "seconds"))
    var rescanSeconds: String?
    @Option(help: ArgumentHelp("Attempts before a picture is moved to failed/.", valueName: "N"))
    var maxAttempts: String?
    @Option(help: ArgumentHelp("Largest width and height to accept.", valueName: "pixels"))
    var maxSide: String?
    @Option(help: ArgumentHelp("Largest area to accept.", valueName: "pixels"))
    var maxPixels: String?
    @Option(help: ArgumentHelp("Largest file to accept.", valueName: "512M"))
    var maxFileSize: String?
    @Option(help: ArgumentHelp("How long a stop waits for pictures being processed.", valueName: "seconds"))
    var drainSeconds: String?
    @Option(
        help: ArgumentHelp("Time without progress after which a worker counts as hung.", valueName: "seconds")
    )
    var stallSeconds: String?
    @Option(help: ArgumentHelp("Prometheus textfile to keep up to date.", valueName: "file"))
    var metricsFile: String?
    @Option(
        help: ArgumentHelp(
            "Log level, trace to critical (default: info; --once: warning).", valueName: "level"))
    var logLevel: String?
    @Option(help: ArgumentHelp("Format of the log.", valueName: "auto|journal|text|json"))
    var logFormat: String?

    /// Each key with the argument of its flag, or nil if the flag is missing.
    var arguments: [(key: String, argument: String?)] {
        [
            ("inbox", inbox), ("outbox", outbox), ("spool", spool), ("shard", shard), ("model", model),
            ("precision", precision),
            ("workers", workers),
            ("threads", threads), ("scales", scales), ("tile", tile), ("tile-overlap", tileOverlap),
            ("tta", tta.map(String.init)), ("strength", strength), ("memory-limit", memoryLimit),
            ("originals", originals), ("format", format), ("jpeg-quality", jpegQuality),
            ("bundle", bundle.map(String.init)), ("bundle-folder", bundleFolder),
            ("report", report.map(String.init)),
            ("archive-max-age", archiveMaxAge), ("archive-max-bytes", archiveMaxBytes),
            ("failed-max-age", failedMaxAge), ("failed-max-bytes", failedMaxBytes),
            ("outbox-max-age", outboxMaxAge), ("outbox-max-bytes", outboxMaxBytes),
            ("settle-seconds", settleSeconds), ("rescan-seconds", rescanSeconds),
            ("max-attempts", maxAttempts),
            ("max-side", maxSide), ("max-pixels", maxPixels), ("max-file-size", maxFileSize),
            ("drain-seconds", drainSeconds),
            ("stall-seconds", stallSeconds), ("metrics-file", metricsFile),
            ("log-level", logLevel), ("log-format", logFormat),
        ]
    }
}
