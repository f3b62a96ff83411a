/// What the spool is told by its operator.
package struct SpoolOptions: Sendable {
    /// What becomes of an original once its output is published.
    package enum Originals: String, Sendable, CaseIterable {
        /// Moved to the spool's `archive/`.
        case archive
        case delete
        /// Put back into the inbox; a record keeps it from being restored again.
        case keep
    }

    package var layout: SpoolLayout
    package var originals = Originals.archive
    /// Pictures at work at the same time.
    package var concurrency = 1
    /// Attempts before a picture is given up.
    package var maximumAttempts = 3
    /// Quiet time after a file was closed by its writer or renamed into the inbox.
    package var settle = Duration.milliseconds(300)
    /// Time between the two looks that must see an unchanged file, where nothing tells that it is whole.
    package var stability = Duration.seconds(1)
    /// How long a file that ends too early is waited for after its last change.
    package var arrivalPatience = Duration.seconds(300)
    /// The inbox is read anew this often, whatever inotify says.
    package var rescanInterval = Duration.seconds(30)
    /// The same where inotify is silent or unavailable, or the inbox is missing.
    package var pollInterval = Duration.seconds(2)
    /// First delay after a failed attempt; doubles up to a minute.
    package var retryDelay = Duration.seconds(1)
    /// First delay after a fault of the environment; doubles up to a minute.
    package var pauseDelay = Duration.seconds(1)
    /// What is kept of `archive/` and `failed/`.
    package var archiveLimits = RetentionLimits()
    package var failedLimits = RetentionLimits()
    /// A larger input is refused before it is read. Bytes.
    package var maximumInputByteCount = 1 << 30
    /// Written into the reason beside a failed picture: component to version.
    package var versions: [String: String] = [:]
    /// Of the jitter of delays.
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
        settings.seed = seed
        return settings
    }
}
