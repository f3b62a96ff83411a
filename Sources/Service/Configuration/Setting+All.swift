import PromptIR

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
        .size("memory-limit", \.memoryLimit, none: "auto").atStart(),
        .choice("originals", \.originals).atStart(),
        .choice("format", \.format),
        .integer("jpeg-quality", \.jpegQuality, in: 1...100),
        .truth("bundle", \.bundle),
        .path("bundle-folder", \.bundleFolder),
        .age("archive-max-age", \.archiveMaxAge).atStart(),
        .size("archive-max-bytes", \.archiveMaxBytes).atStart(),
        .age("failed-max-age", \.failedMaxAge).atStart(),
        .size("failed-max-bytes", \.failedMaxBytes).atStart(),
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
        let wanted = Array(key.lowercased().map { $0 == "_" ? "-" : $0 })
        let nearest = all.map { (key: $0.key, distance: editDistance(wanted, Array($0.key))) }
            .min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(1, nearest.key.count / 3) else { return nil }
        return nearest.key
    }

    /// Returns the Levenshtein distance, which counts insertions, deletions and replacements of single
    /// characters.
    private static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let replaced = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
