import Dispatch
import Files
import Restoration
import Synchronization

/// Asks the judge at half of the manager's interval and pings if nothing speaks against it.
package final class WatchdogTimer: Sendable {
    /// Unsafe for the compiler alone: dispatch sources may be used from any thread, but are not marked so on Linux.
    nonisolated(unsafe) private let source: any DispatchSourceTimer

    /// - Parameters:
    ///   - interval: what the manager demands (`ServiceNotifying.watchdogInterval`); half of it is used.
    ///   - probe: has a closure called by the pool whose health this shows.
    ///   - evidence: reads the loop's turns and the workers' hearts; must not block.
    ///   - onComplaints: told when a ping is withheld.
    package init(
        interval: Duration, budgets: WatchdogJudge.Budgets, notifier: any ServiceNotifying,
        probe: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        evidence: @escaping @Sendable () -> (loopTurnCount: UInt64?, workers: [WorkerActivity]),
        onComplaints: @escaping @Sendable ([WatchdogJudge.Complaint]) -> Void
    ) {
        // A queue of its own: the pings must not wait behind the work that they speak for.
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
            let (loopTurnCount, workers) = evidence()
            let complaints = judge.withLock {
                $0.complaints(
                    at: clock.now - start,
                    evidence: .init(
                        loopTurnCount: loopTurnCount, probeCount: probes.answerCount, workers: workers))
            }
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

/// Has at most one closure at a time wait in the pool, and counts those that ran: a stuck pool must not gather
/// one more with every tick.
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
