import PromptIR
import Terminals

extension Setting {
    /// All settings, in the order of the shipped file.
    package static let all: [Setting] = [
        .path("inbox", \.inbox).atStart(),
        .path("outbox", \.outbox).atStart(),
        .path("spool", \.spool).atStart(),
        .shard("shard", \.shard).atStart(),
        .path("model", \.model),
        .choice("precision", \.precision),
        .count("workers", \.workers, in: 1...256).atStart(),
        .count("threads", \.threads, in: 1...1024).atStart(),
        .scales("scales", \.scales),
        // Below 64 pixels the overlap leaves nothing of a tile; no picture needs a tile above 65,535 pixels.
        .tile("tile", \.tile, in: TilePlan.minimumTile...65_535),
        .integer("tile-overlap", \.tileOverlap, in: 0...1024),
        .truth("tta", \.tta),
        .fraction("strength", \.strength),
        .size("memory-limit", \.memoryLimit, none: "auto").atStart(),
        .choice("originals", \.originals).atStart(),
        .choice("format", \.format),
        .integer("jpeg-quality", \.jpegQuality, in: 1...100),
        .truth("bundle", \.bundle),
        .path("bundle-folder", \.bundleFolder),
        .truth("report", \.report),
        .age("archive-max-age", \.archiveMaxAge).atStart(),
        .size("archive-max-bytes", \.archiveMaxBytes).atStart(),
        .age("failed-max-age", \.failedMaxAge).atStart(),
        .size("failed-max-bytes", \.failedMaxBytes).atStart(),
        .age("outbox-max-age", \.outboxMaxAge).atStart(),
        .size("outbox-max-bytes", \.outboxMaxBytes).atStart(),
        .seconds("settle-seconds", \.settle, in: 0...3600).atStart(),
        .seconds("rescan-seconds", \.rescan, in: 1...86_400).atStart(),
        .integer("max-attempts", \.maxAttempts, in: 1...100).atStart(),
        // libjpeg supports at most 65,535; for PNG this is only a plausibility limit.
        .integer("max-side", \.maxSide, in: 1...1_000_000),
        .integer("max-pixels", \.maxPixels, in: 1...10_000_000_000),
        .size("max-file-size", \.maxFileSize, none: nil).atStart(),
        .seconds("drain-seconds", \.drain, in: 0...86_400),
        .seconds("stall-seconds", \.stall, in: 1...86_400).atStart(),
        .path("metrics-file", \.metricsFile).atStart(),
        .choice("log-level", \.logLevel),
        .choice("log-format", \.logFormat).atStart(),
    ]

    /// Returns the setting with that key, or nil.
    package static func named(_ key: String) -> Setting? {
        all.first { $0.key == key }
    }

    /// Returns the known key that a misspelt one most likely means; nil if none is similar.
    package static func suggestion(for key: String) -> String? {
        // Underscores and capitals are the most frequent mistakes, so they do not count as differences.
        let wanted = String(key.lowercased().map { $0 == "_" ? "-" : $0 })
        guard let nearest = Spelling.nearest(to: wanted, among: all.map(\.key)),
            nearest.distance <= max(1, nearest.word.count / 3)
        else { return nil }
        return nearest.word
    }
}
