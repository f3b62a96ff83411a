import Bundles
import Dispatch
import Files
import Logging
import ProcessLimits
import Restoration
import Spool
import Synchronization

/// Writes pred.npz and submission.zip when the queue has drained, and takes a twentieth of the time for it at most.
///
/// An empty file `bundle-due` in the spool marks that pictures were claimed since the last bundle. It is
/// created before the first of them is processed and removed after their bundle is written. A bundle is
/// therefore written even after a kill at any moment.
package final class Bundler: Sendable {
    private struct State {
        var configuration: ServiceConfiguration
        /// Grows with every claimed picture.
        var takenCount: UInt64 = 0
        /// Whether the marker is known to exist.
        var isMarked = false
        var isQueued = false
        /// The earliest time of the next bundle. Bundling a large outbox takes long, and pictures may arrive
        /// one by one.
        var restUntil = DispatchTime.now()
        /// How long the last bundle took.
        var lastDuration = Duration.zero
        var countInHand: @Sendable () -> Int = { 0 }
    }

    /// A bundle is written whole, so it follows the last one only after so many times the time that the last one took.
    package static let restFactor = 20
    /// The delay after a bundle that could not be written, because the disk may recover.
    private static let retryInterval = Duration.seconds(60)

    /// Returns the names of the bundle and of the submission that contains it. A shard bundles only its own
    /// pictures, which `promptir bundle merge` joins, so it has no submission.
    private static func names(_ shard: Shard?) -> (bundle: String, submission: String?) {
        shard.map { ("pred-\($0).npz", nil) } ?? ("pred.npz", "submission.zip")
    }

    private let state: Mutex<State>
    private let marker: Path
    private let budget: MemoryBudget
    private let logger: Logger
    private let queue = DispatchQueue(label: "promptir.bundle", qos: .utility)

    /// - Parameter budget: the process's memory, in which each picture of a bundle has its place too.
    package init(
        _ configuration: ServiceConfiguration,
        budget: MemoryBudget = MemoryBudget(byteCount: MemoryLimit.detected()), logger: Logger
    ) {
        self.budget = budget
        state = Mutex(State(configuration: configuration))
        marker = configuration.spoolLayout.spool.appending("bundle-due")
        self.logger = logger
    }

    /// Applies a reloaded configuration.
    package func use(_ configuration: ServiceConfiguration) {
        state.withLock { $0.configuration = configuration }
    }

    /// Sets the function that counts the pictures being processed. It must count every picture reported to
    /// ``noteWork()`` until its output is in the outbox or its claim has ended.
    package func countInHand(_ count: @escaping @Sendable () -> Int) {
        state.withLock { $0.countInHand = count }
    }

    /// Notes that a picture is about to be processed.
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
                .bundleFailed, level: .warning, "cannot record that a bundle is due", ["error": "\(error)"])
        }
    }

    /// Removes what a process left that was killed while writing a bundle or its marker. The caller must hold
    /// the spool's lock.
    package func sweep() {
        AtomicFile.sweep(marker)
        guard isDue else { return }
        let configuration = state.withLock(\.configuration)
        let (bundle, submission) = Self.names(configuration.shard.shard)
        for name in [bundle, submission].compactMap(\.self) {
            AtomicFile.sweep(configuration.effectiveBundleFolder.appending(Path(name)))
        }
    }

    /// Whether pictures were claimed since the last bundle, by this process or a killed one.
    package var isDue: Bool {
        guard state.withLock(\.configuration.bundle) else { return false }
        return ((try? WholeFiles.status(marker)) ?? nil) != nil
    }

    /// Writes the bundle soon if one is due, on a private queue. Several requests become one.
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
                    .bundleFailed, level: .error, "cannot write the bundle; the next try is in a minute",
                    ["error": "\(error)"])
                rest = Self.retryInterval
                hasFailed = true
            }
            let duration = ContinuousClock.now - began
            rest = max(rest, duration * Self.restFactor)
            state.withLock { state in
                state.restUntil = .now() + rest.dispatchInterval
                state.lastDuration = duration
            }
            if hasFailed { request() }
        }
    }

    /// Writes the bundle now if one is due, for a stop. The caller must hold the spool's lock.
    ///
    /// It is left to the next start if the last one took longer than `limit`, or if this one does.
    package func finish(within limit: Duration) {
        guard isDue else { return }
        let end = DispatchGroup()
        var isLong = state.withLock { $0.lastDuration > limit }
        if !isLong {
            queue.async(group: end) { [self] in
                do {
                    try writeIfDue()
                } catch {
                    logger.event(
                        .bundleFailed, level: .error, "cannot write the bundle; the next start tries again",
                        ["error": "\(error)"])
                }
            }
            isLong = end.wait(timeout: .now() + limit.dispatchInterval) == .timedOut
        }
        if isLong {
            logger.event(
                .bundleFailed, level: .warning, "the bundle takes long; the next start writes it")
        }
    }

    /// Writes the bundle if one is due, on the caller's thread.
    ///
    /// - Returns: the number of pictures in it; nil if none is due or there are no pictures.
    /// - Throws: `FileError` and similar errors; the bundle is then still due. The old bundle stays, unless
    ///   only some pictures could not be read; then the new bundle has the others.
    @discardableResult
    package func writeIfDue() throws -> Int? {
        guard isDue else { return nil }
        let (configuration, takenCount, countInHand) = state.withLock {
            ($0.configuration, $0.takenCount, $0.countInHand)
        }
        // Pictures being processed may be finished after the outbox was listed, and go into the next bundle.
        // They are counted after `takenCount` is read, because a picture claimed from now on changes that.
        let isWhole = countInHand() == 0
        let folder = configuration.effectiveBundleFolder
        let (bundle, submission) = Self.names(configuration.shard.shard)
        let summary: PredictionBundle.Summary
        do {
            summary = try PredictionBundle.write(
                folder: configuration.outbox, to: folder.appending(Path(bundle)),
                submission: submission.map { folder.appending(Path($0)) }, limits: configuration.limits,
                where: { name in
                    guard let shard = configuration.shard.shard else { return true }
                    return RelativeName(bytes: name.bytes).map(shard.owns) ?? false
                },
                reserving: { [budget] byteCount, body in
                    try budget.reserving(byteCount, body: body) != nil
                })
        } catch PredictionBundleError.noPictures {
            // All pictures were quarantined or returned.
            if isWhole { try settle(takenCount) }
            return nil
        }
        for skipped in summary.skipped {
            logger.event(
                .bundleFailed, level: .warning, "a picture is missing in the bundle",
                ["file": .stringConvertible(skipped.picture), "reason": "\(skipped.reason)"])
        }
        // The new bundle is better than the old one but not the last, because the disk may accept later what
        // it refused now.
        let fault = summary.skipped.compactMap(\.fault).first
        if isWhole, fault == nil { try settle(takenCount) }
        logger.event(
            .bundleWritten, "bundle written",
            ["pictures": "\(summary.pictureCount)", "folder": .stringConvertible(folder)])
        if let fault { throw fault }
        return summary.pictureCount
    }

    /// Removes the marker unless pictures were claimed while the bundle was being written.
    private func settle(_ takenCount: UInt64) throws {
        try state.withLock { state in
            guard state.takenCount == takenCount else { return }
            state.isMarked = false
            try WholeFiles.remove(marker)
        }
    }
}
