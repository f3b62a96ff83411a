import Bundles
import Dispatch
import Files
import Logging
import Restoration
import Spool
import Synchronization

/// Writes pred.npz and submission.zip when the queue has drained.
///
/// An empty file `bundle-due` in the spool says that pictures were taken since the last bundle. It is made before
/// the first of them is worked on and removed after the bundle that holds them is there, so that a bundle is
/// written after a kill at any moment too.
package final class Bundler: Sendable {
    private struct State {
        var configuration: ServiceConfiguration
        /// Grows with every picture taken.
        var takenCount: UInt64 = 0
        /// Whether the marker is known to be there.
        var isMarked = false
        var isQueued = false
        /// Not before: a bundle of a large outbox takes long, and pictures may come one by one.
        var restUntil = DispatchTime.now()
        var countInHand: @Sendable () -> Int = { 0 }
    }

    /// After a bundle that could not be written: the disk may be better by then.
    private static let retryInterval = Duration.seconds(60)

    /// The bundle and the submission with the bundle in it. A shard bundles its own pictures, for `promptir bundle
    /// merge` to join, and has nothing to submit.
    private static func names(_ shard: Shard?) -> (bundle: String, submission: String?) {
        shard.map { ("pred-\($0).npz", nil) } ?? ("pred.npz", "submission.zip")
    }

    private let state: Mutex<State>
    private let marker: Path
    private let logger: Logger
    private let queue = DispatchQueue(label: "promptir.bundle", qos: .utility)

    package init(_ configuration: ServiceConfiguration, logger: Logger) {
        state = Mutex(State(configuration: configuration))
        marker = configuration.spoolLayout.spool.appending("bundle-due")
        self.logger = logger
    }

    /// Takes over what a reload changed.
    package func use(_ configuration: ServiceConfiguration) {
        state.withLock { $0.configuration = configuration }
    }

    /// Has `count` asked how many pictures are in hand. It must count every picture that ``noteWork()`` was told of,
    /// until its output is in the outbox or its claim has ended.
    package func countInHand(_ count: @escaping @Sendable () -> Int) {
        state.withLock { $0.countInHand = count }
    }

    /// A picture is about to be worked on.
    package func noteWork() {
        let needsMarker = state.withLock { state in
            state.takenCount += 1
            defer { state.isMarked = state.configuration.bundle }
            return state.configuration.bundle && !state.isMarked
        }
        guard needsMarker else { return }
        do {
            try AtomicFile.write([], to: marker)
        } catch {
            // The disk is at fault; the picture's own writes will pause the intake.
            state.withLock { $0.isMarked = false }
            logger.event(
                .bundleFailed, level: .warning, "cannot note that a bundle is due", ["error": "\(error)"])
        }
    }

    /// Removes what a run that was killed while it wrote a bundle, or its marker, has left. Only with the spool's
    /// lock held.
    package func sweep() {
        AtomicFile.sweep(marker)
        guard isDue else { return }
        let configuration = state.withLock(\.configuration)
        let (bundle, submission) = Self.names(configuration.shard.shard)
        for name in [bundle, submission].compactMap(\.self) {
            AtomicFile.sweep(configuration.effectiveBundleFolder.appending(Path(name)))
        }
    }

    /// Whether pictures were taken since the last bundle, by this run or a killed one.
    package var isDue: Bool {
        guard state.withLock(\.configuration.bundle) else { return false }
        return ((try? WholeFiles.status(marker)) ?? nil) != nil
    }

    /// Writes the bundle soon, if one is due, on a queue of its own; several requests become one.
    package func request() {
        let start: DispatchTime? = state.withLock { state in
            guard !state.isQueued else { return nil }
            state.isQueued = true
            return state.restUntil
        }
        guard let start else { return }
        queue.asyncAfter(deadline: start) { [self] in
            state.withLock { $0.isQueued = false }
            let began = ContinuousClock.now
            var rest = Duration.zero
            var hasFailed = false
            do {
                try writeIfDue()
            } catch {
                logger.event(
                    .bundleFailed, level: .error, "cannot write the bundle; it is tried again in a minute",
                    ["error": "\(error)"])
                rest = Self.retryInterval
                hasFailed = true
            }
            // At most half of the time goes into bundles.
            rest = max(rest, ContinuousClock.now - began)
            state.withLock { $0.restUntil = .now() + rest.dispatchInterval }
            if hasFailed { request() }
        }
    }

    /// Waits for a bundle in work.
    ///
    /// - Returns: false if it is still in work after `limit`; it stays due then.
    package func waitUntilIdle(atMost limit: Duration) -> Bool {
        let end = DispatchGroup()
        queue.async(group: end) {}
        return end.wait(timeout: .now() + limit.dispatchInterval) == .success
    }

    /// Writes the bundle if one is due, on the caller's thread.
    ///
    /// - Returns: the number of pictures in it; nil where none is due, or no picture is there.
    /// - Throws: `FileError` and the like; a new one stays due then. The old bundle stays, unless all that failed
    ///   was reading some of the pictures: then the others are in the new one.
    @discardableResult
    package func writeIfDue() throws -> Int? {
        guard isDue else { return nil }
        let (configuration, takenCount, countInHand) = state.withLock {
            ($0.configuration, $0.takenCount, $0.countInHand)
        }
        // Those in hand may be finished after the outbox was listed: the next bundle has them. Asked after
        // `takenCount` was read, because a picture taken from now on changes that.
        let isWhole = countInHand() == 0
        let folder = configuration.effectiveBundleFolder
        let (bundle, submission) = Self.names(configuration.shard.shard)
        let summary: PredictionBundle.Summary
        do {
            summary = try PredictionBundle.write(
                folder: configuration.outbox, to: folder.appending(Path(bundle)),
                submission: submission.map { folder.appending(Path($0)) }, limits: configuration.limits
            ) { name in
                guard let shard = configuration.shard.shard else { return true }
                return RelativeName(bytes: name.bytes).map(shard.owns) ?? false
            }
        } catch PredictionBundleError.noPictures {
            // All were given up or returned.
            if isWhole { try settle(takenCount) }
            return nil
        }
        for skipped in summary.skipped {
            logger.event(
                .bundleFailed, level: .warning, "a picture is missing in the bundle",
                ["file": .stringConvertible(skipped.picture), "reason": "\(skipped.reason)"])
        }
        // Better than the old one, but not the last: what the disk refused now it may give later.
        let fault = summary.skipped.compactMap(\.fault).first
        if isWhole, fault == nil { try settle(takenCount) }
        logger.event(
            .bundleWritten, "bundle written",
            ["pictures": "\(summary.pictureCount)", "folder": .stringConvertible(folder)])
        if let fault { throw fault }
        return summary.pictureCount
    }

    /// Removes the marker unless pictures were taken while the bundle was being written.
    private func settle(_ takenCount: UInt64) throws {
        try state.withLock { state in
            guard state.takenCount == takenCount else { return }
            state.isMarked = false
            try WholeFiles.remove(marker)
        }
    }
}
