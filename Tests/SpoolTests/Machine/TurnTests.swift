import Files
import Spool
import TestSupport
import Testing

@Suite("Turns among owners") struct TurnTests {
    private func moment(_ seconds: Int) -> Moment {
        Moment(monotonic: .seconds(seconds), wall: .seconds(seconds + 1_000_000))
    }

    private struct Delivered {
        let name: String
        let owner: UInt32
        var modified = 500_000
    }

    /// The order in which a machine claims pictures that it saw in the order given.
    private func order(_ pictures: [Delivered], takenAtOnce count: Int = 1000) throws -> [String] {
        var machine = SpoolMachine(SpoolMachine.Settings(), concurrency: count)
        _ = machine.handle(.hold(true), at: moment(0))
        for (index, picture) in pictures.enumerated() {
            let name = try #require(RelativeName(picture.name))
            let fingerprint = Fingerprint(
                byteCount: 1, modified: .seconds(picture.modified), inode: UInt64(index))
            _ = machine.handle(.seen(name, fingerprint, .renamed, owner: picture.owner), at: moment(0))
        }
        _ = machine.handle(.tick, at: moment(9))
        return machine.handle(.hold(false), at: moment(9)).compactMap(\.claimedName?.description)
    }

    @Test func whoDatesHisFilesBackGetsHisTurnAndNoMore() throws {
        var pictures = (1...5).map { Delivered(name: "old\($0).png", owner: 7, modified: $0) }
        pictures += [3, 2, 1].map { Delivered(name: "new\($0).png", owner: 9, modified: 900_000 + $0) }
        pictures.append(Delivered(name: "other.png", owner: 8))
        let expected = [
            "old1.png", "other.png", "new1.png", "old2.png", "new2.png", "old3.png", "new3.png", "old4.png",
            "old5.png",
        ]
        #expect(try order(pictures) == expected)
        // Whatever the order in which they are seen.
        var random = SeededGenerator(seed: 1)
        for _ in 0..<50 {
            pictures.shuffle(using: &random)
            #expect(try order(pictures) == expected)
        }
    }

    /// A thousand owners, one of whom has a thousand old pictures: nobody waits for more than a round.
    @Test func everyOwnerIsServedInEveryRound() throws {
        var pictures = (0..<1000).map { Delivered(name: "flood\($0).png", owner: 500, modified: $0) }
        pictures += (0..<1000).map { Delivered(name: "one\($0).png", owner: UInt32($0)) }
        let claimed = try order(pictures)
        #expect(claimed.filter { $0.hasPrefix("one") }.count == 999)
        #expect(claimed.count == 1000 && claimed.contains("flood0.png"))
    }

    /// Who comes while others are served takes his turn in the same round, or in the next; void entries cost no turn.
    @Test func lateAndVanishedPicturesKeepTheTurns() throws {
        var machine = SpoolMachine(SpoolMachine.Settings(), concurrency: 1)
        var time = 0
        var claimed: [String] = []
        var work: (ClaimID, RelativeName, Fingerprint)?
        func handle(_ event: SpoolMachine.Event) {
            for action in machine.handle(event, at: moment(time)) {
                guard case .claim(let id, let name, let fingerprint) = action else { continue }
                claimed.append(name.description)
                work = (id, name, fingerprint)
                handle(.claimed(name, fingerprint))
            }
        }
        func see(_ name: String, _ owner: UInt32) throws {
            let fingerprint = Fingerprint(byteCount: 1, modified: .seconds(1), inode: UInt64(owner))
            handle(.seen(try #require(RelativeName(name)), fingerprint, .renamed, owner: owner))
        }
        func finish() {
            guard let (id, name, fingerprint) = work else { return }
            time += 1
            let reason = FailureReason(code: "bad", message: "")
            handle(.finished(id, .failed(reason, retryable: false), fingerprint))
            handle(.completed(name))
        }
        handle(.hold(true))
        for name in ["5a.png", "5b.png", "5c.png", "5d.png"] { try see(name, 5) }
        try see("7a.png", 7)
        time = 5
        handle(.tick)
        handle(.hold(false))
        try see("3a.png", 3)
        try see("6a.png", 6)
        time = 10
        handle(.tick)
        handle(.vanished(try #require(RelativeName("5b.png"))))
        for _ in 0..<6 { finish() }
        #expect(claimed == ["5a.png", "6a.png", "7a.png", "3a.png", "5c.png", "5d.png"])
    }
}
