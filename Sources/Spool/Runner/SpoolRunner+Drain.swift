/// The state of the spool when a drain ends.
package struct DrainReport: Equatable, Sendable {
    package var done: Int
    package var failed: Int
    /// Pictures still in the inbox or the spool: arriving, incomplete, not claimable, or waiting for a paused
    /// disk.
    package var remaining: Int
    package var pauseReason: String?
    /// The pause is for the model and not for the disk.
    package var isModelAtFault: Bool
    /// Whether the spool was stopped before the drain ended.
    package var isInterrupted: Bool

    package init(
        done: Int, failed: Int, remaining: Int, pauseReason: String? = nil, isModelAtFault: Bool = false,
        isInterrupted: Bool = false
    ) {
        self.done = done
        self.failed = failed
        self.remaining = remaining
        self.pauseReason = pauseReason
        self.isModelAtFault = isModelAtFault
        self.isInterrupted = isInterrupted
    }
}

struct Drain: Sendable {
    let patience: Duration
    let completion: @Sendable (DrainReport) -> Void
    /// Since when there is nothing to do but wait for arriving files.
    var quietSince: Duration?
}

extension SpoolRunner {
    /// Processes pictures until none is ready, then waits at most `patience` for files that are still
    /// arriving. Used by `--once`.
    ///
    /// The drain ends early if the disk is at fault, since the next run may succeed. The runner continues
    /// until it is stopped.
    package func drain(patience: Duration, completion: @escaping @Sendable (DrainReport) -> Void) {
        queue.async { [self] in
            state.withLock { $0.drain = Drain(patience: patience, completion: completion) }
            checkDrain()
        }
    }

    package func drain(patience: Duration) async -> DrainReport {
        await withCheckedContinuation { continuation in
            drain(patience: patience) { continuation.resume(returning: $0) }
        }
    }

    /// Ends the drain if it is over. Called after each turn.
    func checkDrain() {
        var recheck: Duration?
        let over: (Drain, DrainReport)? = state.withLock { state in
            guard var drain = state.drain else { return nil }
            guard let engine = state.engine else {
                state.drain = nil
                return (drain, report(snapshot, isInterrupted: true))
            }
            let counts = engine.snapshot()
            let now = engine.clock().monotonic
            let remaining = Self.remaining(counts)
            let isStuck = engine.machine.isStuck
            if engine.machine.hasWork, !isStuck {
                drain.quietSince = nil
            } else if drain.quietSince == nil {
                drain.quietSince = now
                recheck = drain.patience
            }
            let isOutOfPatience = drain.quietSince.map { now - $0 >= drain.patience } ?? false
            if remaining + counts.active == 0 || isStuck || isOutOfPatience {
                state.drain = nil
                recheck = nil
                let isModelAtFault = engine.machine.modelFault != nil
                return (drain, report(counts, isModelAtFault: isModelAtFault, isInterrupted: false))
            }
            state.drain = drain
            return nil
        }
        if let (drain, report) = over { drain.completion(report) }
        if let recheck { after(recheck) { _ in } }
    }

    private static func remaining(_ counts: SpoolSnapshot) -> Int {
        counts.arriving + counts.held + counts.ready + counts.beyond + counts.waiting + counts.blocked
    }

    private func report(
        _ counts: SpoolSnapshot, isModelAtFault: Bool = false, isInterrupted: Bool
    ) -> DrainReport {
        DrainReport(
            done: counts.done, failed: counts.failed, remaining: Self.remaining(counts) + counts.active,
            pauseReason: counts.pauseReason, isModelAtFault: isModelAtFault, isInterrupted: isInterrupted)
    }
}
