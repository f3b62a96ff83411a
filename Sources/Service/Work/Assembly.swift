import Dispatch
import Files
import Logging
import ProcessLimits
import Restoration
import Spool
import Synchronization

/// The spool, the pool, the engine and the bundle, assembled for both the daemon and `--once`.
package final class Assembly: Sendable {
    /// How long a stop waits for the picture that is being decoded for the report.
    private static let reportPatience = Duration.seconds(2)

    package let restorer: ClaimRestorer
    package let bundler: Bundler
    package let reporter: Reporter
    package let runner: SpoolRunner
    /// The process's memory budget, which the engines before and after a reload share.
    package let budget: MemoryBudget
    /// How long a stop waits for the bundle.
    private static let bundlePatience = Duration.seconds(5)

    private let folders: ConfiguredFolders
    private let progress = Progress()
    private let metrics = Metrics()
    private let metricsFile: PrometheusTextfile?
    /// When the last reload was refused; nil if it was not.
    private let refusedReload = Mutex<String?>(nil)
    private let digests = DispatchQueue(label: "promptir.digest", qos: .utility)

    /// Loads the model and runs its self-test, without opening a folder.
    ///
    /// - Parameter bundlesWhenIdle: whether bundle and report are written whenever the queue has drained.
    /// - Throws: `ProgramFailure`.
    package init(
        _ configuration: ServiceConfiguration, logger: Logger, bundlesWhenIdle: Bool = false,
        files: FileSystem = FileSystem()
    ) throws(ProgramFailure) {
        folders = ConfiguredFolders(configuration)
        let engine = try Engine(configuration)
        budget = engine.restorer.budget
        engine.logNotes(to: logger)
        let restorer = ClaimRestorer(engine, pool: RestorationPool(policy: configuration.poolPolicy))
        let bundler = Bundler(configuration, budget: engine.restorer.budget, logger: logger)
        let reporter = Reporter(configuration, budget: engine.restorer.budget, logger: logger)
        let (progress, metrics) = (progress, metrics)
        runner = SpoolRunner(configuration.spoolOptions, logger: logger, files: files) {
            if bundlesWhenIdle { bundler.finish(within: Self.bundlePatience) }
        } worker: { claim, complete in
            bundler.noteWork()
            restorer.take(claim, complete: complete)
        } observer: { notice in
            switch notice {
            case .restored(let output, let duration):
                progress.complete()
                metrics.noteRestored(output, after: duration)
                reporter.noteRestored(output, after: duration)
            case .idle:
                if bundlesWhenIdle {
                    bundler.request()
                    reporter.request()
                }
            case .quarantined, .paused, .resumed: break
            }
        }
        self.restorer = restorer
        self.bundler = bundler
        self.reporter = reporter
        metricsFile =
            configuration.metricsFile.isEmpty
            ? nil
            : PrometheusTextfile(configuration.metricsFile, logger: logger) { [runner] in
                metrics.text(runner.snapshot)
            }
        bundler.countInHand { [weak runner] in runner?.snapshot.active ?? 0 }
        reporter.countInHand { [weak runner] in runner?.snapshot.active ?? 0 }
    }

    /// Takes the lock, opens the folders, scans the inbox, and starts.
    ///
    /// - Throws: `ProgramFailure`.
    package func start() throws(ProgramFailure) {
        try folders.refuseConfinement()
        do {
            try runner.start()
        } catch {
            throw ProgramFailure(error)
        }
        bundler.sweep()
        reporter.sweep()
        noteModel()
        metricsFile?.start()
    }

    /// Reports the model's digest to the status and the metrics once it is known. The digest of a large
    /// checkpoint takes a second, for which nobody has to wait.
    package func noteModel() {
        let model = restorer.current.model
        let path = model.path
        runner.setVersion("precision", model.network.precision.rawValue)
        digests.async { [runner] in
            let digest = (try? Model.digest(of: path)) ?? "unknown"
            runner.setVersion("model", digest)
        }
    }

    /// Finishes pictures being processed, returns those that are not finished in time, and releases the lock.
    package func stop(within deadline: Duration) async {
        restorer.close()
        reporter.stop(atMost: Self.reportPatience)
        // The digest must be known before the spool ends, because its last status names the model.
        digests.sync {}
        await runner.stop(within: deadline)
        metricsFile?.finish()
    }

    /// The spool's current counts.
    package var counts: SpoolSnapshot { runner.snapshot }

    /// Recent pictures per minute.
    package var perMinute: Double { progress.perMinute }

    /// The line that `systemctl status` shows now.
    package var statusLine: String {
        let refused = refusedReload.withLock { $0 }.map {
            "; the reload of \($0) was refused, the old configuration is in force"
        }
        return counts.statusLine(perMinute: perMinute) + (refused ?? "")
    }

    /// Notes when a reload was refused, or that one has succeeded.
    func noteReload(refusedAt time: String?) {
        refusedReload.withLock { $0 = time }
    }
}
