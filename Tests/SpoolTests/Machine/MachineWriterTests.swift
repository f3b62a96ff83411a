import Files
import Spool
import Testing

/// A picture that somebody was seen to write to is not taken before he was seen to close it.
@Suite("The machine and writers") struct MachineWriterTests {
    private let name = RelativeName([], FileName(literal: "a.png"))
    private let first = Fingerprint(byteCount: 10, modified: .seconds(100), inode: 1)

    private var settings: SpoolMachine.Settings {
        var settings = SpoolMachine.Settings()
        settings.settle = .seconds(1)
        settings.stability = .seconds(3)
        settings.arrivalPatience = .seconds(300)
        return settings
    }

    private func moment(_ seconds: Double) -> Moment {
        Moment(monotonic: .seconds(seconds), wall: .seconds(seconds + 1000))
    }

    private func changed(_ byteCount: Int64, inode: UInt64 = 1) -> Fingerprint {
        Fingerprint(byteCount: byteCount, modified: .seconds(100), inode: inode)
    }

    /// Signs with their times, and when the picture is claimed.
    @Test(
        arguments: [
            // Created and written to: not before the patience is over, counted from the last write.
            ([(Sign.found, 0.0), (.modified, 0.1)], 300.1),
            ([(.found, 0), (.modified, 0.1), (.modified, 200)], 500),
            // A scan that finds it, changed or not, is no close.
            ([(.found, 0), (.modified, 0.1), (.found, 30)], 330),
            // Closed, and opened again.
            ([(.found, 0), (.modified, 0.1), (.closed, 9)], 10),
            ([(.found, 0), (.modified, 0.1), (.closed, 9), (.modified, 9.5)], 309.5),
            // Renamed over: another file.
            ([(.found, 0), (.modified, 0.1), (.renamed, 9)], 10),
            // Never seen to be written.
            ([(.found, 0)], 3),
        ] as [([(Sign, Double)], Double)])
    func isClaimedOnceItsWriterHasClosedIt(_ signs: [(Sign, Double)], _ expected: Double) {
        var machine = SpoolMachine(settings, concurrency: 1)
        for (index, (sign, time)) in signs.enumerated() {
            #expect(
                machine.handle(.seen(name, changed(Int64(index)), sign), at: moment(time)).isEmpty,
                "\(sign)")
        }
        #expect(machine.handle(.tick, at: moment(expected - 0.01)).isEmpty)
        #expect(machine.handle(.tick, at: moment(expected)).compactMap(\.word) == ["claim"])
    }

    /// The write may not show in the fingerprint: times are coarse.
    @Test func aWriteThatTheFingerprintDoesNotShowCounts() {
        var machine = SpoolMachine(settings, concurrency: 1)
        _ = machine.handle(.seen(name, first, .renamed), at: moment(0))
        _ = machine.handle(.seen(name, first, .modified), at: moment(0.5))
        #expect(machine.handle(.tick, at: moment(299)).isEmpty)
        _ = machine.handle(.seen(name, first, .closed), at: moment(299))
        #expect(machine.handle(.tick, at: moment(300)).compactMap(\.word) == ["claim"])
    }

    @Test func whatALostEventLeavesUnknownGoesByTheDisk() {
        var machine = SpoolMachine(settings, concurrency: 1)
        _ = machine.handle(.seen(name, first, .modified), at: moment(0))
        _ = machine.handle(.trackLost, at: moment(1))
        #expect(machine.handle(.tick, at: moment(3.9)).isEmpty)
        #expect(machine.handle(.tick, at: moment(4)).compactMap(\.word) == ["claim"])
    }

    @Test func anotherFileOfTheNameHasNoWriter() {
        var machine = SpoolMachine(settings, concurrency: 1)
        _ = machine.handle(.seen(name, first, .modified), at: moment(0))
        _ = machine.handle(.seen(name, changed(10, inode: 2), .found), at: moment(1))
        #expect(machine.handle(.tick, at: moment(4)).compactMap(\.word) == ["claim"])
    }

    /// A change that only ctime(2) shows: the picture was not whole when it was read.
    @Test func aFailureOfAFileThatWasTouchedIsTriedAgain() throws {
        var machine = SpoolMachine(settings, concurrency: 1)
        _ = machine.handle(.seen(name, first, .renamed), at: moment(0))
        _ = machine.handle(.tick, at: moment(1))
        let actions = machine.handle(.claimed(name, first), at: moment(1))
        guard case .work(let id, _, 1)? = actions.first else {
            Issue.record("expected work, got \(actions)")
            return
        }
        let outcome = Outcome.failed(FailureReason(code: "decode", message: ""), retryable: false)
        #expect(
            machine.handle(.finished(id, outcome, first, isTouched: true), at: moment(2)).compactMap(\.word)
                == ["putBack"])
    }
}
