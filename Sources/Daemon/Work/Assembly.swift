import Logging
import Restoration
import Service
import Spool

/// The spool, the pool, the engine and the bundle put together: what the daemon and `--once` have in common.
package final class Assembly: Sendable {
    package let workshop: Workshop
    package let bundler: Bundler
    package let runner: SpoolRunner
    /// The process's memory; engines before and after a reload share it.
    package let budget: MemoryBudget
    private let progress = Progress()

    /// Loads the model and tries it; opens no folder yet.
    ///
    /// - Parameter bundlesWhenIdle: whether a bundle is written whenever the queue has drained.
    /// - Throws: `ProgramFailure`.
    package init(
        _ configuration: ServiceConfiguration, logger: Logger, bundlesWhenIdle: Bool = false,
        files: FileSystem = FileSystem()
    ) throws(ProgramFailure) {
        budget = MemoryBudget(byteCount: MemoryLimit.detected())
        let engine = try Engine(configuration, budget: budget)
        engine.logNotes(to: logger)
        let workshop = Workshop(engine, pool: RestorationPool(policy: configuration.poolPolicy))
        let bundler = Bundler(configuration, logger: logger)
        let progress = progress
        runner = SpoolRunner(configuration.spoolOptions, logger: logger, files: files) { claim, complete in
            bundler.noteWork()
            workshop.take(claim, complete: complete)
        } observer: { notice in
            switch notice {
            case .restored: progress.complete()
            case .idle: if bundlesWhenIdle { bundler.request() }
            case .quarantined, .paused, .resumed: break
            }
        }
        self.workshop = workshop
        self.bundler = bundler
        bundler.countInHand { [weak runner] in runner?.snapshot.active ?? 0 }
    }

    /// Takes the lock and the folders, scans the inbox, and begins.
    ///
    /// - Throws: `ProgramFailure`.
    package func start() throws(ProgramFailure) {
        do {
            try runner.start()
        } catch {
            throw ProgramFailure(error)
        }
        bundler.sweep()
    }

    /// Finishes what is in hand, returns what is not finished in time, and gives the lock back.
    package func stop(within deadline: Duration) async {
        workshop.close()
        await runner.stop(within: deadline)
    }

    /// What there is to say now.
    package var tally: Tally {
        let snapshot = runner.snapshot
        var tally = Tally()
        tally.activeCount = snapshot.active
        tally.queuedCount = snapshot.queued
        tally.doneCount = snapshot.done
        tally.failedCount = snapshot.failed
        tally.arrivingCount = snapshot.arriving + snapshot.held
        tally.pause = snapshot.pauseReason
        tally.blockedCount = snapshot.blocked
        tally.blockage = snapshot.blockedReason
        tally.perMinute = progress.perMinute
        return tally
    }
}
