import Service
import Testing

@Suite struct WatchdogJudgeTests {
    private let budgets = WatchdogJudge.Budgets(loop: .seconds(10), pool: .seconds(5), worker: .seconds(60))

    private func evidence(loop: UInt64?, probe: UInt64, _ workers: (busy: Bool, beats: UInt64)...)
        -> WatchdogJudge.Evidence
    {
        .init(
            loopTurnCount: loop, probeCount: probe,
            workers: workers.map {
                .init(worker: 0, job: $0.busy ? "a.png" : nil, beatCount: $0.beats, coreCount: 1)
            })
    }

    @Test func aLivingServiceIsNeverBlamed() {
        var judge = WatchdogJudge(budgets: budgets)
        for second in 0..<1000 {
            let count = UInt64(second)
            let complaints = judge.complaints(
                at: .seconds(second), evidence: evidence(loop: count, probe: count, (true, count), (false, 0))
            )
            #expect(complaints.isEmpty)
        }
    }

    @Test func aLoopThatStopsTurningIsBlamedAfterItsBudget() {
        var judge = WatchdogJudge(budgets: budgets)
        #expect(judge.complaints(at: .zero, evidence: evidence(loop: 7, probe: 0)).isEmpty)
        #expect(judge.complaints(at: .seconds(10), evidence: evidence(loop: 7, probe: 1)).isEmpty)
        #expect(
            judge.complaints(at: .seconds(11), evidence: evidence(loop: 7, probe: 2))
                == [.loopStalled(.seconds(11))])
        #expect(judge.complaints(at: .seconds(12), evidence: evidence(loop: 8, probe: 3)).isEmpty)
    }

    @Test func aScanThatHangsIsBlamedThoughTheSpoolsQueueTurns() {
        var judge = WatchdogJudge(budgets: budgets)
        func complaints(_ second: Int, looks: UInt64) -> [WatchdogJudge.Complaint] {
            let count = UInt64(second)
            return judge.complaints(
                at: .seconds(second),
                evidence: .init(loopTurnCount: count, lookCount: looks, probeCount: count, workers: []))
        }
        #expect(complaints(0, looks: 7).isEmpty && complaints(10, looks: 7).isEmpty)
        #expect(complaints(11, looks: 7) == [.watchStalled(.seconds(11))])
        #expect(complaints(12, looks: 8).isEmpty)
    }

    @Test func whereThereIsNoLoopNoneIsExpected() {
        var judge = WatchdogJudge(budgets: budgets)
        for second in 0..<100 {
            #expect(
                judge.complaints(at: .seconds(second), evidence: evidence(loop: nil, probe: UInt64(second)))
                    .isEmpty)
        }
        // The first turn after a pause starts the budget anew.
        #expect(judge.complaints(at: .seconds(100), evidence: evidence(loop: 3, probe: 100)).isEmpty)
    }

    @Test func aPoolThatRunsNothingIsBlamed() {
        var judge = WatchdogJudge(budgets: budgets)
        #expect(judge.complaints(at: .zero, evidence: evidence(loop: 0, probe: 3)).isEmpty)
        #expect(
            judge.complaints(at: .seconds(6), evidence: evidence(loop: 1, probe: 3))
                == [.poolStalled(.seconds(6))])
    }

    @Test func workersThatFillThePoolAndAdvanceExcuseAProbeThatWaits() {
        var judge = WatchdogJudge(budgets: budgets)
        for second in 0..<600 {
            let count = UInt64(second)
            #expect(
                judge.complaints(
                    at: .seconds(second),
                    evidence: evidence(loop: count, probe: 0, (true, count), (true, count))
                )
                .isEmpty)
        }
    }

    @Test func aSlowPictureIsSparedWhileItsHeartBeats() {
        var judge = WatchdogJudge(budgets: budgets)
        for second in stride(from: 0, to: 3600, by: 10) {
            // One beat every 50 s, within the budget of 60.
            let beats = UInt64(second / 50)
            #expect(
                judge.complaints(
                    at: .seconds(second),
                    evidence: evidence(loop: UInt64(second), probe: UInt64(second), (true, beats))
                )
                .isEmpty)
        }
    }

    @Test func aBusyWorkerThatHangsIsNamedAndItsNeighboursAreNot() {
        var judge = WatchdogJudge(budgets: budgets)
        var last: [WatchdogJudge.Complaint] = []
        for second in 0...61 {
            let count = UInt64(second)
            last = judge.complaints(
                at: .seconds(second),
                evidence: evidence(loop: count, probe: count, (false, 0), (true, 5), (true, count)))
            #expect(last.isEmpty == (second <= 60))
        }
        #expect(last == [.workerStalled(index: 1, .seconds(61))])
        #expect(last.first?.description == "worker 1 has not advanced for 61 s")
    }

    @Test func anIdleWorkerMayBeSilentForEverAndStartsAfresh() {
        var judge = WatchdogJudge(budgets: budgets)
        for second in 0..<500 {
            #expect(
                judge.complaints(
                    at: .seconds(second),
                    evidence: evidence(loop: UInt64(second), probe: UInt64(second), (false, 9))
                )
                .isEmpty)
        }
        #expect(
            judge.complaints(at: .seconds(500), evidence: evidence(loop: 501, probe: 501, (true, 9))).isEmpty)
        #expect(
            judge.complaints(at: .seconds(560), evidence: evidence(loop: 502, probe: 502, (true, 9))).isEmpty)
        #expect(
            !judge.complaints(at: .seconds(561), evidence: evidence(loop: 503, probe: 503, (true, 9))).isEmpty
        )
    }

    @Test func allFaultsAreTold() {
        var judge = WatchdogJudge(budgets: budgets)
        _ = judge.complaints(at: .zero, evidence: evidence(loop: 1, probe: 1, (true, 1)))
        let complaints = judge.complaints(at: .seconds(100), evidence: evidence(loop: 1, probe: 1, (true, 1)))
        #expect(complaints.count == 3)
    }
}
