import Dispatch
import Files
import Logging
import ProcessLimits
import Reports
import Restoration
import Spool
import Synchronization

/// Writes the report when the queue has drained.
///
/// It gives way to the pictures: before each picture of the page it waits until none is being restored, and after a page
/// it rests. A page that a stop ends is not written; the next start writes it.
package final class Reporter: Sendable {
    private struct State {
        var configuration: ServiceConfiguration
        var isQueued = false
        var isStopping = false
        /// The earliest time of the next page.
        var restUntil = DispatchTime.now()
        var countInHand: @Sendable () -> Int = { 0 }
        var seconds = RecentSeconds()
    }

    /// What the latest pictures took, for the next page; later pages read it from the one before.
    private struct RecentSeconds {
        private static let maximumCount = Report.defaultMaximumCount
        private var recent: [Path: Double] = [:]
        private var older: [Path: Double] = [:]

        subscript(name: Path) -> Double? { recent[name] ?? older[name] }

        mutating func set(_ name: Path, _ seconds: Double) {
            if recent.count >= Self.maximumCount {
                older = recent
                recent = [:]
            }
            recent[name] = seconds
        }
    }

    /// A stop was requested while a page was being written.
    private struct Interrupted: Error {}

    /// After a page there is a rest of nine times the work, within these bounds. A first page may take minutes, and the
    /// next one, which reads from it, less than a second.
    private static let restFactor = 9
    private static let rests = (shortest: Duration.seconds(10), longest: Duration.seconds(60))

    private let state: Mutex<State>
    private let budget: MemoryBudget
    private let logger: Logger
    private let queue = DispatchQueue(label: "promptir.report", qos: .utility)

    /// - Parameter budget: the process's memory, in which each picture of a page has its place too.
    package init(_ configuration: ServiceConfiguration, budget: MemoryBudget, logger: Logger) {
        self.budget = budget
        state = Mutex(State(configuration: configuration))
        self.logger = logger
    }

    /// The page's path. Each shard has a page of its own pictures.
    private static func path(_ configuration: ServiceConfiguration) -> Path {
        let name = configuration.shard.shard.map { "report-\($0).html" } ?? "report.html"
        return configuration.effectiveBundleFolder.appending(Path(name))
    }

    /// Applies a reloaded configuration.
    package func use(_ configuration: ServiceConfiguration) {
        state.withLock { $0.configuration = configuration }
        request()
    }

    /// Sets the function that counts the pictures being processed.
    package func countInHand(_ count: @escaping @Sendable () -> Int) {
        state.withLock { $0.countInHand = count }
    }

    /// Notes what a restored picture took from the claim to the durable output.
    package func noteRestored(_ output: PublishedOutput, after duration: Duration) {
        state.withLock { state in
            if state.configuration.report { state.seconds.set(Path(output.output), duration.inSeconds) }
        }
    }

    /// Removes what a process left that was killed while writing a page. The caller must hold the spool's lock.
    package func sweep() {
        let configuration = state.withLock(\.configuration)
        if configuration.report { AtomicFile.sweep(Self.path(configuration)) }
    }

    /// Writes the page soon, on a private queue. Several requests become one.
    package func request() {
        let isNew = state.withLock { state in
            guard state.configuration.report, !state.isQueued, !state.isStopping else { return false }
            state.isQueued = true
            return true
        }
        if isNew { writeAfterRest() }
    }

    private func writeAfterRest() {
        queue.asyncAfter(deadline: state.withLock(\.restUntil)) { [self] in
            guard !state.withLock(\.isStopping) else { return }
            // A page that was being written when this one was requested has set another time.
            guard state.withLock(\.restUntil) <= .now() else { return writeAfterRest() }
            state.withLock { $0.isQueued = false }
            let rest = min(max(write() * Self.restFactor, Self.rests.shortest), Self.rests.longest)
            state.withLock { $0.restUntil = .now() + rest.dispatchInterval }
        }
    }

    /// Ends a page that is being written, and begins no more.
    ///
    /// - Returns: false if it has not ended after `limit`.
    @discardableResult
    package func stop(atMost limit: Duration) -> Bool {
        state.withLock { $0.isStopping = true }
        let end = DispatchGroup()
        queue.async(group: end) {}
        return end.wait(timeout: .now() + limit.dispatchInterval) == .success
    }

    /// Writes the page if it is wanted and there are pictures, on the caller's thread. A failure is logged.
    ///
    /// - Returns: how long the work took, without waiting for pictures.
    @discardableResult
    package func write() -> Duration {
        let (configuration, seconds) = state.withLock { ($0.configuration, $0.seconds) }
        guard configuration.report else { return .zero }
        let begin = ContinuousClock.now
        var waited = Duration.zero
        let path = Self.path(configuration)
        do {
            let summary = try Report(folders(configuration), limits: configuration.limits).write(
                to: path, isDurable: false,
                where: { name in
                    guard let shard = configuration.shard.shard else { return true }
                    return RelativeName(bytes: name.bytes).map(shard.owns) ?? false
                },
                seconds: { seconds[$0] }, onPicture: { _, _ in waited += try giveWay() },
                reserving: { [budget] byteCount, body in
                    try budget.reserving(byteCount, body: body) != nil
                })
            logger.event(
                .reportWritten, "report written",
                [
                    "pictures": "\(summary.pictureCount)", "failed": "\(summary.failedCount)",
                    "file": .stringConvertible(path),
                ])
        } catch ReportError.noPictures {
            // There is nothing to show yet.
        } catch is Interrupted {
            // The next start writes it.
        } catch {
            logger.event(
                .reportFailed, level: .warning,
                "cannot write the report; the next try is when the queue has drained again",
                ["error": "\(error)"])
        }
        return ContinuousClock.now - begin - waited
    }

    private func folders(_ configuration: ServiceConfiguration) -> ReportFolders {
        ReportFolders(
            restored: configuration.outbox,
            inbox: configuration.originals == .keep ? configuration.inbox : nil,
            spools: [configuration.spoolLayout.spool])
    }

    /// Waits while pictures are being restored, and returns for how long.
    private func giveWay() throws -> Duration {
        let begin = ContinuousClock.now
        while true {
            let (isStopping, countInHand) = state.withLock { ($0.isStopping, $0.countInHand) }
            if isStopping { throw Interrupted() }
            if countInHand() == 0 { return ContinuousClock.now - begin }
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(100))
        }
    }
}
