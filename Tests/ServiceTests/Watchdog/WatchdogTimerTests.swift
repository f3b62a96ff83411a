import Dispatch
import Service
import Synchronization
import TestSupport
import Testing

struct WatchdogTimerTests {
    private let budgets = WatchdogJudge.Budgets(
        loop: .milliseconds(200), pool: .milliseconds(200), worker: .milliseconds(200))

    @Test func aLivingServiceIsSpokenFor() async throws {
        let notifier = RecordingNotifier()
        let turns = Counter()
        let timer = WatchdogTimer(
            interval: .milliseconds(40), budgets: budgets, notifier: notifier,
            probe: { DispatchQueue.global().async(execute: $0) },
            evidence: { .init(loopTurnCount: turns.next(), workers: []) }, onComplaints: { _ in })
        try await wait { notifier.sent.count >= 3 }
        timer.cancel()
        #expect(Set(notifier.sent.map(\.assignment)) == ["WATCHDOG=1"])
    }

    @Test func aHungPoolSilencesThePings() async throws {
        let notifier = RecordingNotifier()
        let complaints = Recorder<[WatchdogJudge.Complaint]>()
        let turns = Counter()
        let pool = DispatchQueue(label: "hung")
        let gate = DispatchSemaphore(value: 0)
        pool.async { gate.wait() }
        let timer = WatchdogTimer(
            interval: .milliseconds(40), budgets: budgets, notifier: notifier,
            probe: { pool.async(execute: $0) },
            evidence: { .init(loopTurnCount: turns.next(), workers: []) },
            onComplaints: { complaints.append($0) })
        try await wait { complaints.all.count >= 3 }
        let pingCount = notifier.sent.count
        try await wait { complaints.all.count >= 6 }
        #expect(notifier.sent.count == pingCount)
        guard case .poolStalled = complaints.all[0].first else {
            Issue.record("unexpected complaint \(complaints.all[0])")
            return
        }
        // Once the pool runs again, so do the pings.
        gate.signal()
        try await wait { notifier.sent.count > pingCount }
        timer.cancel()
    }

    @Test func aHungWorkerSilencesThePingsAndASlowOneDoesNot() async throws {
        let notifier = RecordingNotifier()
        let complaints = Recorder<[WatchdogJudge.Complaint]>()
        let turns = Counter()
        let beats = Counter()
        let isBeating = Flag()
        let timer = WatchdogTimer(
            interval: .milliseconds(40), budgets: budgets, notifier: notifier,
            probe: { DispatchQueue.global().async(execute: $0) },
            evidence: {
                let beat = isBeating.value ? beats.next() : beats.current
                return .init(
                    loopTurnCount: turns.next(),
                    workers: [.init(worker: 0, job: "a.png", beatCount: beat, coreCount: 1)])
            }, onComplaints: { complaints.append($0) })
        try await wait { notifier.sent.count >= 20 }
        #expect(complaints.all.isEmpty)
        isBeating.value = false
        try await wait { !complaints.all.isEmpty }
        timer.cancel()
    }
}

private final class Counter: Sendable {
    private let value = Atomic<UInt64>(0)

    var current: UInt64 { value.load(ordering: .relaxed) }

    func next() -> UInt64 { value.wrappingAdd(1, ordering: .relaxed).newValue }
}

private final class Flag: Sendable {
    private let state = Atomic<Bool>(true)

    var value: Bool {
        get { state.load(ordering: .relaxed) }
        set { state.store(newValue, ordering: .relaxed) }
    }
}
