import Files

/// The operator's settings for the spool.
package struct SpoolOptions: Sendable {
    /// What happens to an original once its output is published.
    package enum Originals: String, Sendable, CaseIterable {
        /// The original is moved to the spool's `archive/`.
        case archive
        case delete
        /// The original is put back into the inbox; a record keeps it from being restored again.
        case keep
    }

    package var layout: SpoolLayout
    package var originals = Originals.archive
    /// The number of pictures processed at the same time.
    package var concurrency = 1
    /// The number of attempts before a picture is quarantined.
    package var maximumAttempts = 3
    /// The quiet time after a file was closed by its writer or renamed into the inbox.
    package var settle = Duration.milliseconds(300)
    /// The time between two looks that must find a file unchanged, if nothing else shows that it is complete.
    package var stability = Duration.seconds(1)
    /// How long an incomplete file must stay unmodified before it is quarantined.
    package var arrivalPatience = Duration.seconds(300)
    /// How often the inbox is scanned if inotify works.
    package var rescanInterval = Duration.seconds(30)
    /// How often the inbox is scanned if inotify is silent or unavailable, or the inbox is missing.
    package var pollInterval = Duration.seconds(2)
    /// Pictures of the inbox that are kept in mind at a time; the others stay there, and follow.
    package var indexLimit = 100_000
    /// The first delay after a failed attempt; it doubles up to a minute.
    package var retryDelay = Duration.seconds(1)
    /// The first delay after an environment fault; it doubles up to a minute.
    package var pauseDelay = Duration.seconds(1)
    /// How much of `archive/`, `failed/` and the outbox is kept.
    package var archiveLimits = RetentionLimits()
    package var failedLimits = RetentionLimits()
    package var outboxLimits = RetentionLimits()
    /// Asked before anything is removed by age.
    package var clockState: @Sendable () -> ClockState = { .current }
    /// The largest input that is read, in bytes.
    package var maximumInputByteCount = 1 << 30
    /// Component to version, for the JSON beside a failed picture.
    package var versions: [String: String] = [:]
    /// The seed for the jitter of delays.
    package var seed: UInt64 = 0

    package init(layout: SpoolLayout) {
        self.layout = layout
    }

    var machine: SpoolMachine.Settings {
        var settings = SpoolMachine.Settings()
        settings.settle = settle
        settings.stability = stability
        settings.arrivalPatience = arrivalPatience
        settings.maximumAttempts = max(maximumAttempts, 1)
        settings.retryDelay.first = retryDelay
        settings.pauseDelay.first = pauseDelay
        settings.refusalDelay = rescanInterval
        settings.indexLimit = indexLimit
        settings.seed = seed
        return settings
    }
}
