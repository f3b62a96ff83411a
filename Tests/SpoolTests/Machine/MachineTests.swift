import Files
import Spool
import Testing

@Suite("The spool's machine")
struct MachineTests {
    static let a = RelativeName("a.png")
    static let old = Fingerprint(byteCount: 10, modified: .seconds(100), inode: 1)

    private func moment(_ seconds: Double) -> Moment {
        Moment(monotonic: .seconds(seconds), wall: .seconds(seconds + 1000))
    }

    private func settings() -> SpoolMachine.Settings {
        var settings = SpoolMachine.Settings()
        settings.settle = .seconds(1)
        settings.stability = .seconds(3)
        settings.arrivalPatience = .seconds(5000)
        return settings
    }

    /// Seconds after which an arrival is claimed, by its sign.
    @Test(arguments: [(Sign.renamed, 1.0), (.closed, 1.0), (.found, 3.0)])
    func arrivalIsClaimedWhenItHasSettled(_ sign: Sign, _ wait: Double) throws {
        var machine = SpoolMachine(settings(), concurrency: 1)
        let a = try #require(Self.a)
        #expect(machine.handle(.seen(a, Self.old, sign), at: moment(0)) == [])
        #expect(machine.nextWake == .seconds(wait))
        #expect(machine.handle(.tick, at: moment(wait - 0.1)) == [])
        let actions = machine.handle(.tick, at: moment(wait))
        guard case .claim(_, a, Self.old)? = actions.first, actions.count == 1 else {
            Issue.record("expected a claim, got \(actions)")
            return
        }
    }

    @Test func changeRestartsTheSettling() throws {
        var machine = SpoolMachine(settings(), concurrency: 1)
        let a = try #require(Self.a)
        var fingerprint = Self.old
        for second in 0..<10 {
            fingerprint.byteCount += 1
            #expect(machine.handle(.seen(a, fingerprint, .closed), at: moment(Double(second) * 0.9)) == [])
        }
        #expect(machine.handle(.tick, at: moment(9.0)) == [])
        #expect(machine.handle(.tick, at: moment(9.2)).count == 1)
    }

    @Test func oldestIsFirstThenByName() throws {
        var machine = SpoolMachine(settings(), concurrency: 10)
        _ = machine.handle(.hold(true), at: moment(0))
        let order = ["c.png", "a.png", "b.png"]
        let times = [1, 2, 2]
        for (index, name) in order.enumerated() {
            let name = try #require(RelativeName(name))
            let fingerprint = Fingerprint(
                byteCount: 1, modified: .seconds(times[index]), inode: UInt64(index))
            _ = machine.handle(.seen(name, fingerprint, .renamed), at: moment(0))
        }
        _ = machine.handle(.tick, at: moment(2))
        let actions = machine.handle(.hold(false), at: moment(2))
        #expect(actions.compactMap(\.claimedName?.description) == order)
    }

    /// Each outcome of a first attempt, and the effect it must have.
    @Test(arguments: [
        (Outcome.restored(.any), "publish"),
        (.failed(FailureReason(code: "x", message: ""), retryable: false), "quarantine"),
        (.failed(FailureReason(code: "x", message: ""), retryable: true), "park 1"),
        (.unusableResult(FailureReason(code: "x", message: "")), "quarantine"),
        (.truncated, "putBack"),
        (.environment("full"), "pause, park 0"),
        (.returned, "park 0"),
    ])
    func outcomeLeadsToItsEffect(_ outcome: Outcome, _ expected: String) throws {
        var machine = SpoolMachine(settings(), concurrency: 1)
        let a = try #require(Self.a)
        let id = try claim(a, &machine)
        let actions = machine.handle(.finished(id, outcome, Self.old), at: moment(3))
        #expect(actions.compactMap(\.word).joined(separator: ", ") == expected)
    }

    @Test func unchangedAndShortForTooLongIsQuarantined() throws {
        var machine = SpoolMachine(settings(), concurrency: 1)
        let a = try #require(Self.a)
        let id = try claim(a, &machine)
        // Modified at 100 s of a wall clock that says 5200.
        let actions = machine.handle(.finished(id, .truncated, Self.old), at: moment(4200))
        #expect(actions.compactMap(\.word) == ["quarantine"])
    }

    @Test func pauseProbesWithGrowingDelaysAndGoesOn() throws {
        var machine = SpoolMachine(settings(), concurrency: 1)
        let a = try #require(Self.a)
        let id = try claim(a, &machine)
        _ = machine.handle(.finished(id, .environment("full"), Self.old), at: moment(3))
        _ = machine.handle(.completed(a), at: moment(3))
        var time = moment(3)
        var delays: [Duration] = []
        func wait() throws {
            let wake = try #require(machine.nextWake)
            delays.append(wake - time.monotonic)
            time.monotonic = wake
        }
        for _ in 0..<8 {
            try wait()
            #expect(machine.handle(.tick, at: time) == [.probe])
            #expect(machine.handle(.probed("full"), at: time) == [])
        }
        #expect((.milliseconds(750)...(.milliseconds(1250))).contains(delays[0]))
        #expect((.seconds(45)...(.seconds(75))).contains(delays[7]))
        try wait()
        #expect(machine.handle(.tick, at: time) == [.probe])
        let actions = machine.handle(.probed(nil), at: time)
        #expect(actions.compactMap(\.word) == ["resume", "reconcile", "retake 0"])
    }

    @Test func retriesGetEveryFourthTurn() throws {
        var machine = SpoolMachine(settings(), concurrency: 10)
        _ = machine.handle(.hold(true), at: moment(0))
        for index in 0..<8 {
            let name = try #require(RelativeName("new\(index).png"))
            let fingerprint = Fingerprint(byteCount: 1, modified: .seconds(index), inode: UInt64(index))
            _ = machine.handle(.seen(name, fingerprint, .renamed), at: moment(0))
        }
        for index in 0..<2 {
            let name = try #require(RelativeName("retry\(index).png"))
            _ = machine.handle(.recovered(name, attempts: 0, Self.old), at: moment(0))
        }
        let actions = machine.handle(.hold(false), at: moment(2))
        let kinds = actions.compactMap(\.word).map { $0.hasPrefix("retake") ? "r" : "n" }.joined()
        #expect(kinds == "nnnrnnnrnn")
    }

    /// With every place taken, a retry that is due must not wake the machine: nothing could be done about it.
    @Test func aDueRetryWakesNobodyWhileAllPlacesAreTaken() throws {
        var machine = SpoolMachine(settings(), concurrency: 1)
        let a = try #require(Self.a)
        let b = try #require(RelativeName("b.png"))
        _ = try claim(a, &machine)
        _ = machine.handle(.recovered(b, attempts: 0, Self.old), at: moment(2))
        #expect(machine.nextWake.map { $0 > .seconds(2) } ?? true)
    }

    @Test func whatWasAtWorkInACrashIsTriedAloneAndBeforeNewWork() throws {
        var machine = SpoolMachine(settings(), concurrency: 3)
        let suspects = try ["b.png", "c.png"].map { try #require(RelativeName($0)) }
        var actions: [SpoolMachine.Action] = []
        for name in suspects {
            actions += machine.handle(
                .recovered(name, attempts: 1, Self.old, isSuspect: true), at: moment(0))
        }
        #expect(machine.handle(.tick, at: moment(0.9)) == [])
        _ = machine.handle(.seen(try #require(Self.a), Self.old, .renamed), at: moment(0))
        actions += machine.handle(.tick, at: moment(2))
        #expect(actions.compactMap(\.word) == ["retake 1"])
        for (index, name) in suspects.enumerated() {
            actions = machine.handle(.claimed(name, Self.old), at: moment(2))
            guard case .work(let id, name, 2)? = actions.first else {
                Issue.record("expected work on \(name), got \(actions)")
                return
            }
            // Cleared by whatever its worker says; the next begins.
            let outcome = Outcome.failed(FailureReason(code: "x", message: ""), retryable: false)
            let next = index == 0 ? "retake 1" : "claim"
            #expect(
                machine.handle(.finished(id, outcome, Self.old), at: moment(2)).compactMap(\.word) == [
                    "quarantine"
                ]
                    + (index == 0 ? [] : [next]))
            actions = machine.handle(.completed(name), at: moment(2))
            if index == 0 { #expect(actions.compactMap(\.word) == [next]) }
        }
    }

    /// A suspect that cannot be tried must not keep the others waiting.
    @Test func aSuspectWhoseFolderIsBlockedHoldsUpNobody() throws {
        var machine = SpoolMachine(settings(), concurrency: 3)
        let a = try #require(Self.a)
        let b = try #require(RelativeName("b.png"))
        _ = machine.handle(.recovered(b, attempts: 1, Self.old, isSuspect: true), at: moment(0))
        _ = machine.handle(.seen(a, Self.old, .renamed), at: moment(0))
        #expect(machine.handle(.tick, at: moment(2)).compactMap(\.word) == ["retake 1"])
        let actions = machine.handle(.refused(b, .blocked(until: .seconds(100))), at: moment(2))
        #expect(actions.compactMap(\.word) == ["claim"])
    }

    /// 100,000 sequences in all; the invariants are checked after every event.
    @Test(arguments: 0..<8)
    func randomSequencesLoseNothing(_ part: Int) throws {
        for index in 0..<12_500 {
            let seed = UInt64(part * 12_500 + index)
            var world = MachineWorld(seed: seed)
            do {
                for _ in 0..<30 { try world.step() }
                try world.finish()
            } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
        }
    }

    private func claim(_ name: RelativeName, _ machine: inout SpoolMachine) throws -> ClaimID {
        _ = machine.handle(.seen(name, Self.old, .renamed), at: moment(0))
        _ = machine.handle(.tick, at: moment(2))
        let actions = machine.handle(.claimed(name, Self.old), at: moment(2))
        for case .work(let id, _, 1) in actions { return id }
        throw MachineWorld.Broken(description: "no work: \(actions)")
    }
}

extension SpoolMachine.Action {
    var claimedName: RelativeName? {
        if case .claim(_, let name, _) = self { name } else { nil }
    }

    /// A word for tables; nil for what only cleans up.
    var word: String? {
        switch self {
        case .claim: "claim"
        case .retake(_, _, let attempts): "retake \(attempts)"
        case .work: "work"
        case .publish: "publish"
        case .settleOriginal: "settle"
        case .park(_, _, let attempts): "park \(attempts)"
        case .putBack: "putBack"
        case .quarantine: "quarantine"
        case .discard: nil
        case .pause: "pause"
        case .blameModel: "blame"
        case .resume: "resume"
        case .probe: "probe"
        case .reconcile: "reconcile"
        case .idle: "idle"
        case .stopped: "stopped"
        }
    }
}
