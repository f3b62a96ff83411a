import Files
import Spool
import Testing

@Suite("How much of the inbox is kept in mind", .inTurn)
struct IndexRoomTests {
    private func machine(limit: Int) -> SpoolMachine {
        var settings = SpoolMachine.Settings()
        settings.indexLimit = limit
        return SpoolMachine(settings, concurrency: 1)
    }

    private func fingerprint(_ index: Int) -> Fingerprint {
        Fingerprint(byteCount: 1, modified: .seconds(100), inode: UInt64(index))
    }

    private func moment(_ seconds: Int) -> Moment {
        Moment(monotonic: .seconds(seconds), wall: .seconds(seconds + 1000))
    }

    private func scan(_ machine: inout SpoolMachine, _ inbox: [RelativeName], at second: Int) -> [SpoolMachine
        .Action]
    {
        var actions = machine.handle(.scanBegan, at: moment(second))
        for (index, name) in inbox.enumerated() {
            actions += machine.handle(.seen(name, fingerprint(index), .found), at: moment(second))
        }
        return actions + machine.handle(.scanEnded(complete: true), at: moment(second))
    }

    @Test func whatIsBeyondItIsLeftInTheInbox() throws {
        var machine = machine(limit: 10)
        let inbox = (0..<25).compactMap { RelativeName("\($0).png") }
        _ = scan(&machine, inbox, at: 0)
        #expect(machine.counts.arriving == 9 && machine.counts.beyond == 16 && machine.hasWork)
        // Known ones stay, whatever comes.
        _ = scan(&machine, inbox.reversed(), at: 0)
        #expect(machine.counts.arriving == 9 && machine.counts.beyond == 16)
        _ = scan(&machine, Array(inbox[..<5]), at: 0)
        #expect(machine.counts.beyond == 0)
    }

    /// The one who fills it comes first in every scan.
    @Test func thereIsRoomForAnotherUsersPictures() throws {
        var machine = machine(limit: 100)
        let many = (0..<1000).compactMap { RelativeName("\($0).png") }
        let few = (0..<9).compactMap { RelativeName("few/\($0).png") }
        _ = machine.handle(.scanBegan, at: moment(0))
        for (index, name) in many.enumerated() {
            _ = machine.handle(.seen(name, fingerprint(index), .found, owner: 1), at: moment(0))
        }
        #expect(machine.counts.arriving == 89)
        for (index, name) in few.enumerated() {
            _ = machine.handle(.seen(name, fingerprint(index), .found, owner: 2), at: moment(0))
        }
        #expect(machine.counts.arriving == 98)
    }

    @Test func longPathsTakeMorePlaces() throws {
        let folder = String(repeating: "x", count: 200) + "/" + String(repeating: "y", count: 100)
        var machine = machine(limit: 100)
        _ = scan(&machine, (0..<100).compactMap { RelativeName("\(folder)/\($0).png") }, at: 0)
        #expect(machine.counts.arriving == 45 && machine.counts.beyond == 55)
    }

    @Test func inTheEndEveryPictureIsRestored() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.indexLimit = 8
        try spool.makeFolder("in/sub")
        for index in 0..<60 { try spool.deliver(index < 30 ? "\(index).png" : "sub/\(index).png", "good.") }
        let log = LogRecorder()
        let runner = SpoolRunner(options, logger: log.logger) { claim, completion in
            completion(outcome(of: claim))
        }
        try runner.start()
        #expect(runner.snapshot.beyond == 52)
        #expect(await runner.drain(patience: .seconds(1)) == DrainReport(done: 60, failed: 0, remaining: 0))
        await runner.stop(within: .seconds(5))
        #expect(spool.tree("in").isEmpty && spool.tree("out").count == 60)
        #expect(log.lines(of: .indexFull).count == 1)
    }

    /// Originals that are kept stay in the inbox for ever: more than there is room for keep nothing new out.
    @Test func keptOriginalsDoNotFillIt() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.indexLimit = 20
        options.originals = .keep
        for index in 0..<70 { try spool.deliver("\(index).png", "good.") }
        #expect(try await runOnce(options).done == 70)
        try spool.deliver("new.png", "good.")
        #expect(try await runOnce(options).done == 1)
    }

    /// Pictures that cannot be taken come first in every scan, and are more than there is room for.
    @Test func whatCannotBeTakenDoesNotKeepOutWhatCan() throws {
        var machine = machine(limit: 20)
        let good = try #require(RelativeName("good.png"))
        let inbox = (0..<200).compactMap { RelativeName("\($0).png") } + [good]
        var second = 0
        for _ in 0..<200 {
            var actions = scan(&machine, inbox, at: second)
            second += 30
            actions += machine.handle(.tick, at: moment(second))
            while let claim = actions.first {
                guard case .claim(_, let name, _) = claim else {
                    actions.removeFirst()
                    continue
                }
                if name == good { return }
                actions = machine.handle(.refused(name, .unusable("not ours")), at: moment(second))
            }
        }
        Issue.record("the good picture never got a place")
    }
}
