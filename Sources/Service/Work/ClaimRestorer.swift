import Files
import Restoration
import Spool
import Synchronization

/// Restores claimed pictures on the pool, each with the engine that is current when its processing begins.
package final class ClaimRestorer: Sendable {
    package let pool: RestorationPool
    private struct State {
        var engine: Engine
        /// Grows with every engine.
        var number = 0
    }

    private let state: Mutex<State>
    private let isClosing = Atomic<Bool>(false)

    package init(_ engine: Engine, pool: RestorationPool) {
        state = Mutex(State(engine: engine))
        self.pool = pool
    }

    /// The engine for pictures whose processing begins from now on.
    package var current: Engine {
        get { state.withLock(\.engine) }
        set {
            state.withLock { state in
                state.engine = newValue
                state.number += 1
            }
        }
    }

    /// Makes later pictures return unprocessed.
    package func close() {
        isClosing.store(true, ordering: .relaxed)
    }

    /// Queues a claim. `complete` is called once, from a worker's thread.
    package func take(_ claim: Claim, complete: @escaping SpoolRunner.Completion) {
        pool.submit(claim.name.description) { [self] worker in
            guard !isClosing.load(ordering: .relaxed) else {
                complete(.returned)
                return
            }
            let begun = state.withLock { $0 }
            let outcome = restore(claim, on: worker, with: begun.engine.restorer)
            // A failure of a model that has been replaced meanwhile says nothing; the next has a try.
            if case .unusableResult = outcome, state.withLock(\.number) != begun.number {
                complete(.returned)
            } else {
                complete(outcome)
            }
        }
    }

    private func restore(_ claim: Claim, on worker: PoolWorker, with restorer: Restorer) -> Outcome {
        worker.beat()
        let source = PictureSource(byteCount: claim.byteCount) { offset, byteCount in
            try claim.read(at: offset, byteCount: byteCount)
        } whole: {
            try claim.read()
        }
        do throws(RestorationError) {
            return try worker.restore(source, with: restorer) { restored in
                claim.stage(
                    restored.bytes, names: names(for: claim.name, restorer.options.format),
                    logFields: restored.report.logFields)
            }
        } catch {
            return Outcome(error)
        }
    }

    /// Returns the names that the output may have, best first.
    private func names(for name: RelativeName, _ format: OutputFormat) -> [FileName] {
        OutputName.names(for: Path(bytes: name.last.bytes), format: format).compactMap {
            FileName(bytes: $0.bytes)
        }
    }
}

extension Outcome {
    /// The outcome of a claim that could not be restored.
    package init(_ error: RestorationError) {
        switch error {
        case .read(let failure):
            self =
                (failure.cause as? ClaimReadError).map { Outcome($0) }
                ?? .failed(FailureReason(code: error.code, message: error.reason), retryable: false)
        case .outOfMemory(let reason): self = .environment(reason)
        case .decode(.truncated): self = .truncated
        case .notFinite: self = .unusableResult(FailureReason(code: error.code, message: error.reason))
        // Another attempt with the same bytes and weights would fail in the same way.
        case .decode, .tooLarge, .restore, .encode:
            self = .failed(FailureReason(code: error.code, message: error.reason), retryable: false)
        }
    }
}
