import Files
import Restoration
import Synchronization

/// The result of one picture of a batch.
package enum BatchEvent: Sendable {
    case restored(BatchItem, RestoredPicture)
    /// The output exists and is newer than the original and the model.
    case skipped(BatchItem)
    /// The picture failed for a reason, and the batch continues.
    case failed(BatchItem, reason: String)
    /// No output can be written, so the batch ends.
    case stopped(FileError)
}

/// The result of a whole batch.
package struct BatchSummary: Sendable {
    package struct Failure: Sendable, Equatable {
        package let input: Path
        package let reason: String
    }

    package var restoredCount = 0
    package var skippedCount = 0
    package var failures: [Failure] = []
    /// Why the batch ended early; nil if it did not.
    package var stop: FileError?
}

/// Restores the pictures of a plan with a pool of workers.
package struct BatchRun: Sendable {
    package let plan: BatchPlan
    package let restorer: Restorer
    /// The time since 1970 when the model changed. Outputs that are older are made again.
    package let modelModified: Duration
    /// Whether pictures that are done are restored again.
    package let overwrites: Bool

    package init(plan: BatchPlan, restorer: Restorer, modelModified: Duration, overwrites: Bool) {
        self.plan = plan
        self.restorer = restorer
        self.modelModified = modelModified
        self.overwrites = overwrites
    }

    /// Runs to the end, even if single pictures fail.
    ///
    /// A picture counts as done if its output is newer than original and model, because outputs appear only
    /// when they are complete. Changed options are ignored; `overwrites` is meant for them.
    ///
    /// - Parameters:
    ///   - onShare: called with the share of a picture's work that is done, many times and from any thread.
    ///   - onEvent: called once for each picture, and for a stop, after which none starts. There is one call at
    ///     a time, from any thread.
    package func run(
        on pool: RestorationPool, onShare: (@Sendable (BatchItem, Double) -> Void)? = nil,
        onEvent: @escaping @Sendable (BatchEvent) -> Void
    ) -> BatchSummary {
        let summary = Shared(BatchSummary())
        let report = { @Sendable (event: BatchEvent) in
            summary.value.withLock { summary in
                switch event {
                case .restored: summary.restoredCount += 1
                case .skipped: summary.skippedCount += 1
                case .failed(let item, let reason):
                    summary.failures.append(BatchSummary.Failure(input: item.input, reason: reason))
                case .stopped(let error):
                    guard summary.stop == nil else { return }
                    summary.stop = error
                }
                onEvent(event)
            }
        }
        // Finished pictures are skipped first, so that the pool knows how many there are to share the cores.
        for item in plan.items {
            if !overwrites, item.isDone(modelModified: modelModified) {
                report(.skipped(item))
                continue
            }
            pool.submit(item.input.description) { worker in
                if summary.value.withLock({ $0.stop == nil }) {
                    report(restore(item, on: worker, onShare: onShare))
                }
            }
        }
        pool.waitUntilIdle()
        return summary.value.withLock {
            $0.failures.sort { $0.input < $1.input }
            return $0
        }
    }

    private func restore(
        _ item: BatchItem, on worker: PoolWorker, onShare: (@Sendable (BatchItem, Double) -> Void)?
    ) -> BatchEvent {
        do {
            let ofItem = onShare.map { onShare in { @Sendable (share: Double) in onShare(item, share) } }
            return try worker.restore(try source(of: item), with: restorer, onShare: ofItem) {
                write($0, of: item)
            }
        } catch {
            return .failed(item, reason: String(describing: error))
        }
    }

    private func source(of item: BatchItem) throws(FileError) -> PictureSource {
        guard item.input == StandardStreams.path else { return try PictureSource(path: item.input) }
        return PictureSource(
            try StandardStreams.readInput(limit: restorer.options.limits.maximumFileByteCount))
    }

    private func write(_ restored: RestoredPicture, of item: BatchItem) -> BatchEvent {
        do {
            if item.output == StandardStreams.path {
                try StandardStreams.writeOutput(restored.bytes)
            } else {
                try WholeFiles.createFolders(item.output.folder)
                try AtomicFile.write(restored.bytes, to: item.output)
            }
            return .restored(item, restored)
        } catch {
            return error.isEnvironmental ? .stopped(error) : .failed(item, reason: error.description)
        }
    }
}

/// A mutex that several closures share.
private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }
}
