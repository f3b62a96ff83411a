import Dispatch
import Files
import Logging
import Synchronization

/// Runs a spool: watches the inbox, hands claims to a worker, takes back outcomes.
///
/// Everything that touches the spool happens on one serial queue of its own. The worker and the observer are called
/// there as well, and must return at once: restoring belongs on the worker's own threads.
package final class SpoolRunner: Sendable {
    package typealias Completion = @Sendable (Outcome) -> Void
    /// Called for every claim; must lead to exactly one call of the completion, from any thread. An
    /// output is written to the disk by ``Claim/stage(_:names:logFields:)``, on the worker's thread.
    package typealias Worker = @Sendable (Claim, @escaping Completion) -> Void

    struct State {
        var engine: SpoolEngine?
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
    let options: SpoolOptions
    let files: FileSystem
    private let logger: Logger
    private let worker: Worker
    private let observer: @Sendable (SpoolNotice) -> Void
    let state = Mutex(State())
    private let latest = Mutex(SpoolSnapshot())
    private let turnCount = Atomic<UInt64>(0)
    /// Apart from the state, whose lock a long scan holds: a worker that is done must not wait for it.
    let isStopped = Atomic<Bool>(false)

    /// - Parameters:
    ///   - files: for tests that inject faults.
    ///   - observer: told of outputs, failures, pauses and idleness, after they are durable.
    package init(
        _ options: SpoolOptions, logger: Logger, files: FileSystem = FileSystem(), worker: @escaping Worker,
        observer: @escaping @Sendable (SpoolNotice) -> Void = { _ in }
    ) {
        self.options = options
        self.logger = logger
        self.files = files
        self.worker = worker
        self.observer = observer
    }

    /// Opens the spool, takes up what an earlier run left, reads the inbox once, and begins.
    ///
    /// - Throws: ``SpoolError``; nothing runs then, and it may be tried again.
    package func start() throws {
        try queue.sync {
            let deliveries = try state.withLock { state in
                precondition(
                    state.engine == nil && !isStopped.load(ordering: .relaxed), "a runner starts once")
                let engine = try SpoolEngine(
                    options, logger: logger, files: files,
                    beat: { [weak self] in self?.turnCount.add(1, ordering: .relaxed) })
                state.engine = engine
                state.source = listen(engine)
                state.timer = makeTimer()
                if state.isStopRequested { engine.handle(.stop) }
                return collect(engine)
            }
            finishTurn(deliveries)
        }
    }

    // MARK: Control

    /// Claims no more until ``resume()``.
    package func pause() {
        perform { $0.handle(.hold(true)) }
    }

    package func resume() {
        perform { $0.handle(.hold(false)) }
    }

    /// Claims no more, waits for pictures at work, returns those that are not finished in time, and gives the lock
    /// back. Their workers may go on; what they say is ignored.
    package func stop(within deadline: Duration, completion: @escaping @Sendable () -> Void) {
        queue.async { [self] in
            let isOver = state.withLock { state in
                // For a start that is yet to come.
                state.isStopRequested = true
                if state.engine == nil { return true }
                state.stopCompletions.append(completion)
                return false
            }
            if isOver { completion() }
        }
        perform { $0.handle(.stop) }
        // Held until then: a runner that is let go of must still say that it has stopped.
        queue.asyncAfter(deadline: .now() + deadline.dispatchInterval) { [self] in
            turn { $0.handle(.stopNow) }
        }
    }

    package func stop(within deadline: Duration) async {
        await withCheckedContinuation { continuation in
            stop(within: deadline) { continuation.resume() }
        }
    }

    /// Notes what is at work, for the status and the reasons beside failed pictures; may come late, and again.
    package func setVersion(_ component: String, _ version: String) {
        perform { $0.versions[component] = version }
    }

    // MARK: Observation

    /// The counts after the latest turn; never waits for the disk.
    package var snapshot: SpoolSnapshot { latest.withLock(\.self) }

    /// How often the queue has turned: the watchdog sees it grow.
    package var turns: UInt64 { turnCount.load(ordering: .relaxed) }

    /// Makes the queue turn, and calls back from it.
    package func probe(_ completion: @escaping @Sendable () -> Void) {
        perform { _ in completion() }
    }

    // MARK: Turns

    /// Has something done on the queue, then tells whoever must be told.
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

    /// The counts first: whoever is handed a claim can rely on ``snapshot`` to count it.
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

    /// The end of everything: lets go of the lock, and says so.
    private func end() {
        let completions = state.withLock { state in
            state.source?.cancel()
            state.source = nil
            state.timer?.cancel()
            state.timer = nil
            state.engine?.disk.release()
            state.engine = nil
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

    /// After each turn: the next wake-up, the status file, the drain.
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
