import Dispatch
import Files
import Restoration
import Synchronization

/// Asks the judge twice in each of the service manager's intervals, and sends a ping if the judge has no
/// complaints.
package final class WatchdogTimer: Sendable {
    /// Unsafe only for the compiler: any thread may use dispatch sources, but on Linux they are not marked as
    /// `Sendable`.
    nonisolated(unsafe) private let source: any DispatchSourceTimer

    /// - Parameters:
    ///   - interval: the interval that the service manager requires (`ServiceNotifying.watchdogInterval`).
    ///   - probe: runs a closure on the pool to be watched.
    ///   - evidence: reads the queues' turns and the workers' heartbeats; must not block. The timer counts the probes.
    ///   - onComplaints: called when a ping is withheld.
    package init(
        interval: Duration, budgets: WatchdogJudge.Budgets, notifier: any ServiceNotifying,
        probe: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        evidence: @escaping @Sendable () -> WatchdogJudge.Evidence,
        onComplaints: @escaping @Sendable ([WatchdogJudge.Complaint]) -> Void
    ) {
        // The timer has its own queue, so that pings do not wait behind the work that they report on.
        let queue = DispatchQueue(label: "promptir.watchdog", qos: .userInteractive)
        let source = DispatchSource.makeTimerSource(queue: queue)
        let probes = ProbeCounter()
        let judge = Mutex(WatchdogJudge(budgets: budgets))
        let clock = ContinuousClock()
        let start = clock.now
        source.schedule(
            deadline: .now(), repeating: (interval / 2).dispatchInterval, leeway: .milliseconds(10))
        source.setEventHandler {
            probes.ask(probe)
            var evidence = evidence()
            evidence.probeCount = probes.answerCount
            let complaints = judge.withLock { $0.complaints(at: clock.now - start, evidence: evidence) }
            if complaints.isEmpty {
                notifier.send(.watchdog)
            } else {
                onComplaints(complaints)
            }
        }
        source.activate()
        self.source = source
    }

    /// Ends the pings.
    package func cancel() {
        source.cancel()
    }

    deinit {
        source.cancel()
    }
}

/// Counts the probes that the pool ran. At most one waits at a time, so that a stuck pool does not collect
/// one with every tick.
private final class ProbeCounter: Sendable {
    private let answers = Atomic<UInt64>(0)
    private let isWaiting = Atomic<Bool>(false)

    var answerCount: UInt64 { answers.load(ordering: .relaxed) }

    func ask(_ probe: (@escaping @Sendable () -> Void) -> Void) {
        guard !isWaiting.exchange(true, ordering: .acquiring) else { return }
        probe {
            self.answers.wrappingAdd(1, ordering: .relaxed)
            self.isWaiting.store(false, ordering: .releasing)
        }
    }
}
