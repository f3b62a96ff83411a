import Files
import Restoration
import Synchronization

/// What became of one picture of a batch.
package enum BatchEvent: Sendable {
    case restored(BatchItem, RestoredPicture)
    /// The output is there, newer than the original and than the model.
    case skipped(BatchItem)
    /// The batch goes on; the reason names what is wrong.
    case failed(BatchItem, reason: String)
    /// The output cannot be written and neither can the others': the batch ends.
    case stopped(FileError)
}

/// What became of a whole batch.
package struct BatchSummary: Sendable {
    package struct Failure: Sendable, Equatable {
        package let input: Path
        package let reason: String
    }

    package var restoredCount = 0
    package var skippedCount = 0
    package var failures: [Failure] = []
    /// Why the batch ended before its end.
    package var stop: FileError?
}

/// Restores the pictures of a plan with a pool of workers.
package struct BatchRun: Sendable {
    package let plan: BatchPlan
    package let restorer: Restorer
    /// Outputs older than this, a time since 1970, are made anew: the model has changed since.
    package let modelModified: Duration
    /// Restores also what is done.
    package let overwrites: Bool

    package init(plan: BatchPlan, restorer: Restorer, modelModified: Duration, overwrites: Bool) {
        self.plan = plan
        self.restorer = restorer
        self.modelModified = modelModified
        self.overwrites = overwrites
    }

    /// Runs to the end, whatever single pictures do.
    ///
    /// A picture counts as done if its output is newer than original and model: outputs appear only when they
    /// are whole. Changed options do not count; `overwrites` is for them.
    ///
    /// - Parameter onEvent: called once for each picture (and for a stop, after which none begins), one call at a time, from any thread.
    package func run(on pool: RestorationPool, onEvent: @escaping @Sendable (BatchEvent) -> Void)
        -> BatchSummary
    {
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
        // What is done is found out first: then the pool knows how much there is to share.
        for item in plan.items {
            if !overwrites, item.isDone(modelModified: modelModified) {
                report(.skipped(item))
                continue
            }
            pool.submit(item.input.description) { worker in
                if summary.value.withLock({ $0.stop == nil }) {
                    report(restore(item, on: worker))
                }
            }
        }
        pool.waitUntilIdle()
        return summary.value.withLock {
            $0.failures.sort { $0.input < $1.input }
            return $0
        }
    }

    private func restore(_ item: BatchItem, on worker: PoolWorker) -> BatchEvent {
        let restored: RestoredPicture
        do {
            restored = try worker.restore(try WholeFiles.read(item.input), with: restorer)
        } catch {
            return .failed(item, reason: String(describing: error))
        }
        do {
            try WholeFiles.createFolders(item.output.folder)
            try AtomicFile.write(restored.bytes, to: item.output)
            return .restored(item, restored)
        } catch {
            return error.isEnvironmental ? .stopped(error) : .failed(item, reason: error.description)
        }
    }
}

/// A mutex that several closures hold on to.
private final class Shared<Value: Sendable>: Sendable {
    let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }
}
