import Dispatch
import Files
import Logging
import Synchronization

/// Runs a spool: watches the inbox, passes claims to a worker, and receives the outcomes.
///
/// Everything that touches the spool runs on one serial queue. Only the inbox is read on another, because that may take
/// long. The worker and the observer are called on the spool's queue, too, and must return at once; restoration belongs
/// on the worker's own threads.
package final class SpoolRunner: Sendable {
    package typealias Completion = @Sendable (Outcome) -> Void
    /// Called for every claim. It must lead to exactly one call of the completion, from any thread. It writes
    /// the output with ``Claim/stage(_:names:logFields:)`` on its own thread.
    package typealias Worker = @Sendable (Claim, @escaping Completion) -> Void

    struct State {
        var engine: SpoolEngine?
        /// The engine's, for the queue that reads the inbox.
        var scout: InboxScout?
        var source: (any DispatchSourceRead)?
        var timer: (any DispatchSourceTimer)?
        var wakeAt: Duration?
        var drain: Drain?
        var stopCompletions: [@Sendable () -> Void] = []
        var isStopRequested = false
        var statusWrittenAt: Duration?
        var isStatusQueued = false
    }

    let queue = DispatchQueue(label: "promptir.spool", qos: .userInitiated)
    /// Reads the inbox. It may wait for the spool's queue, which never waits for this one.
    let watchQueue = DispatchQueue(label: "promptir.watch", qos: .userInitiated)
    let options: SpoolOptions
    let files: FileSystem
    private let logger: Logger
    private let worker: Worker
    private let observer: @Sendable (SpoolNotice) -> Void
    private let beforeRelease: @Sendable () -> Void
    let state = Mutex(State())
    private let latest = Mutex(SpoolSnapshot())
    private let turnCount = Atomic<UInt64>(0)
    let lookCount = Atomic<UInt64>(0)
    /// Separate from the state, whose lock a turn holds, so that a worker that has finished does not wait for it.
    let isStopped = Atomic<Bool>(false)

    /// - Parameters:
    ///   - files: replaced by tests that inject faults.
    ///   - beforeRelease: called at the end of a stop, while the spool's lock is still held.
    ///   - observer: called for outputs, failures, pauses and an empty queue, after they are durable.
    package init(
        _ options: SpoolOptions, logger: Logger, files: FileSystem = FileSystem(),
        beforeRelease: @escaping @Sendable () -> Void = {}, worker: @escaping Worker,
        observer: @escaping @Sendable (SpoolNotice) -> Void = { _ in }
    ) {
        self.options = options
        self.logger = logger
        self.files = files
        self.worker = worker
        self.observer = observer
        self.beforeRelease = beforeRelease
    }

    /// Opens the spool, recovers what an earlier process left, scans the inbox once, and starts.
    ///
    /// - Throws: ``SpoolError``. Then nothing runs, and `start` may be called again.
    package func start() throws {
        try queue.sync {
            let deliveries = try state.withLock { state in
                precondition(
                    state.engine == nil && !isStopped.load(ordering: .relaxed), "a runner starts once")
                let engine = try SpoolEngine(
                    options, logger: logger, files: files,
                    beat: { [weak self] in self?.turnCount.add(1, ordering: .relaxed) },
                    scanBeat: { [weak self] in self?.lookCount.add(1, ordering: .relaxed) })
                engine.handsScansOut = true
                state.engine = engine
                state.scout = engine.scout
                state.source = listen(engine)
                state.timer = makeTimer()
                if state.isStopRequested { engine.handle(.stop) }
                return collect(engine)
            }
            finishTurn(deliveries)
        }
    }

    // MARK: Control

    /// Stops claiming pictures until ``resume()``.
    package func pause() {
        perform { $0.handle(.hold(true)) }
    }

    package func resume() {
        perform { $0.handle(.hold(false)) }
    }

    /// Stops claiming, waits for pictures being processed, returns those that are not finished in time, and
    /// releases the lock. Their workers may continue, but their outcomes are ignored.
    package func stop(within deadline: Duration, completion: @escaping @Sendable () -> Void) {
        queue.async { [self] in
            let isOver = state.withLock { state in
                // This affects a start that has not happened yet.
                state.isStopRequested = true
                if state.engine == nil { return true }
                state.stopCompletions.append(completion)
                return false
            }
            if isOver { completion() }
        }
        perform { $0.handle(.stop) }
        // The closure keeps the runner alive, so that it still reports that it has stopped.
        queue.asyncAfter(deadline: .now() + deadline.dispatchInterval) { [self] in
            turn { $0.handle(.stopNow) }
        }
    }

    package func stop(within deadline: Duration) async {
        await withCheckedContinuation { continuation in
            stop(within: deadline) { continuation.resume() }
        }
    }

    /// Sets the version of a component in use, for the status and the JSON beside failed pictures. It may be
    /// called late and repeatedly.
    package func setVersion(_ component: String, _ version: String) {
        perform { $0.versions[component] = version }
    }

    /// The worker has loaded another model, or the same one anew: what is known of the last one counts no more.
    package func noteModelChange() {
        perform { $0.handle(.modelChanged) }
    }

    // MARK: Observation

    /// The counts after the latest turn. Reading them never waits for the disk.
    package var snapshot: SpoolSnapshot { latest.withLock(\.self) }

    /// The number of turns of the spool's queue, which the watchdog expects to grow.
    package var turns: UInt64 { turnCount.load(ordering: .relaxed) }

    /// The number of entries that the queue of the inbox has looked at, which the watchdog expects to grow, too.
    package var looks: UInt64 { lookCount.load(ordering: .relaxed) }

    /// Makes both queues turn.
    package func probe() {
        perform { _ in }
        watchQueue.async { [weak self] in self?.lookCount.add(1, ordering: .relaxed) }
    }

    // MARK: Turns

    /// Runs a closure on the queue, then delivers claims and notices.
    func perform(_ body: @escaping @Sendable (SpoolEngine) -> Void) {
        queue.async { [self] in turn(body) }
    }

    func after(_ delay: Duration, _ body: @escaping @Sendable (SpoolEngine) -> Void) {
        queue.asyncAfter(deadline: .now() + delay.dispatchInterval) { [weak self] in self?.turn(body) }
    }

    func turn(_ body: @Sendable (SpoolEngine) -> Void) {
        let deliveries: [SpoolEngine.Delivery]? = state.withLock { state in
            guard let engine = state.engine else { return nil }
            body(engine)
            return collect(engine)
        }
        if let deliveries { finishTurn(deliveries) }
    }

    /// Updates the counts first, so that whoever receives a claim finds it counted in ``snapshot``.
    private func collect(_ engine: SpoolEngine) -> [SpoolEngine.Delivery] {
        let snapshot = engine.snapshot()
        latest.withLock { $0 = snapshot }
        return engine.takeDeliveries()
    }

    private func finishTurn(_ deliveries: [SpoolEngine.Delivery]) {
        turnCount.add(1, ordering: .relaxed)
        var hasStopped = false
        for delivery in deliveries {
            switch delivery {
            case .work(let claim): hand(claim)
            case .notice(let notice): observer(notice)
            case .scan(let order): scan(order)
            case .stopped: hasStopped = true
            }
        }
        takeStock()
        if hasStopped {
            writeStatus(isLast: true)
            end()
            checkDrain()
        }
    }

    /// Ends the runner: releases the lock and calls the completions.
    private func end() {
        beforeRelease()
        let completions = state.withLock { state in
            state.source?.cancel()
            state.source = nil
            state.timer?.cancel()
            state.timer = nil
            state.engine?.disk.release()
            state.engine = nil
            state.scout?.cancel()
            state.scout = nil
            isStopped.store(true, ordering: .releasing)
            defer { state.stopCompletions = [] }
            return state.stopCompletions
        }
        for completion in completions { completion() }
    }

    private func hand(_ claim: Claim) {
        worker(claim) { [weak self] outcome in
            guard let self else {
                claim.discard(outcome)
                return
            }
            queue.async { self.take(outcome, of: claim) }
        }
    }

    private func take(_ outcome: Outcome, of claim: Claim) {
        if isStopped.load(ordering: .acquiring) {
            claim.discard(outcome)
        } else {
            turn { $0.finish(claim.id, outcome) }
        }
    }

    /// Sets the next wake-up, writes the status file and checks the drain. Called after each turn.
    private func takeStock() {
        state.withLock { state in
            guard let engine = state.engine else { return }
            let next = engine.nextWake
            guard next != state.wakeAt else { return }
            state.wakeAt = next
            let wait = max(next - engine.clock().monotonic, .zero)
            state.timer?.schedule(deadline: .now() + wait.dispatchInterval)
        }
        writeStatus()
        checkDrain()
    }
}
