import Files
import Spool
import Synchronization
import Testing

/// Fails the n-th system call that changes the disk; a kill fails all after it as well.
final class FaultPlan: Sendable {
    private struct State {
        var count = 0
        var isDead = false
    }

    static let calls: Set<FileOperation> = [
        .createFile, .write, .sync, .syncFolder, .rename, .remove, .makeFolder, .removeFolder,
    ]
    private let state = Mutex(State())
    private let target: Int
    private let fault: Errno?
    private let isShut: Bool

    /// - Parameters:
    ///   - fault: nil for a kill.
    ///   - isShut: whether `in/sub` is another user's, who lets nobody else change it.
    init(at target: Int, _ fault: Errno?, isShut: Bool = false) {
        self.target = target
        self.fault = fault
        self.isShut = isShut
    }

    var count: Int { state.withLock(\.count) }
    var isDead: Bool { state.withLock(\.isDead) }

    var files: FileSystem {
        FileSystem(interceptingPaths: { [self] call, path in
            if isShut, let refusal = refusalInShutFolder(call, path) { return refusal }
            return state.withLock { state in
                if state.isDead { return .noSystemCall }
                guard Self.calls.contains(call) else { return nil }
                state.count += 1
                guard state.count == target else { return nil }
                state.isDead = fault == nil
                return fault ?? .noSystemCall
            }
        })
    }
}

/// A clock that only the test moves, so that no delay is waited for.
final class TestClock: Sendable {
    private let passed = Mutex(Duration.zero)
    private let uptime: Duration?

    /// - Parameter uptime: how long the machine has run; the true time if it is nil.
    init(uptime: Duration? = nil) {
        self.uptime = uptime
    }

    func advance(by step: Duration = .milliseconds(500)) { passed.withLock { $0 += step } }

    var time: @Sendable () -> Moment {
        { [self] in
            var now = systemClock()
            let more = passed.withLock(\.self)
            now.monotonic = (uptime ?? now.monotonic) + more
            now.wall += more
            return now
        }
    }
}

/// What the kernel answers where `in/sub` is another user's folder.
func refusalInShutFolder(_ call: FileOperation, _ path: Path) -> Errno? {
    let isInside = path.description.contains("/in/sub")
    return isInside && [.rename, .remove, .createFile, .access].contains(call) ? .accessDenied : nil
}

@Suite("A stop or a fault at every effect", .inTurn)
struct SweepTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let originals: SpoolOptions.Originals
        let fault: Errno?
        var isShut = false
        var testDescription: String {
            "\(originals), \(fault?.description ?? "kill")\(isShut ? ", another user's folder" : "")"
        }
    }

    static let cases: [Case] = SpoolOptions.Originals.allCases.flatMap { originals in
        let faults: [Errno?] = [
            nil, .noSpace, .inputOutput, .crossDevice, .interrupted, .accessDenied, .readOnly,
        ]
        return faults.flatMap { fault in
            [false, true].map { Case(originals: originals, fault: fault, isShut: $0) }
        }
    }

    @Test(arguments: cases)
    func endsAsIfNothingHadHappened(_ test: Case) throws {
        let undisturbed = FaultPlan(at: 0, nil, isShut: test.isShut)
        let expected = try run(test, undisturbed)
        #expect(expected.contains { $0.key == "out/sub/b.png" && $0.value == "restored b." })
        #expect(expected.count == (test.originals == .delete ? 7 : 10) + stayingCount(test))
        for target in 1...undisturbed.count {
            var found = try run(test, FaultPlan(at: target, test.fault, isShut: test.isShut))
            // A kill before the record of a copy lets the picture be restored again, and its copy be archived again.
            if test.isShut {
                found = found.filter { name, _ in
                    !name.contains("/again-")
                        && !(test.originals == .keep && name.hasPrefix("spool/archive/"))
                }
            }
            #expect(found == expected, "call \(target) of \(undisturbed.count)")
            if found != expected { return }
        }
        print("spool sweep: \(test.testDescription): \(undisturbed.count) faults injected")
    }

    /// The two originals in the other user's folder: they stay, and those that are kept stay in any case.
    private func stayingCount(_ test: Case) -> Int {
        guard test.isShut else { return 0 }
        return test.originals == .keep ? 1 : 2
    }

    /// Runs until nothing is left, starting again as long as the disk or a kill ends the run; then once more
    /// without faults. Answers with all that is on the disk, but for what must differ.
    private func run(_ test: Case, _ plan: FaultPlan) throws -> [String: String] {
        let spool = try SpoolFixture()
        try spool.makeFolder("in/sub")
        try spool.deliver("a.png", "a.")
        try spool.deliver("sub/b.png", "b.")
        try spool.deliver("bad.png", "bad.")
        try spool.deliver("c.jpg", "c.")
        try spool.deliver("sub/again.png", "try again.")
        var options = spool.options
        options.originals = test.originals
        // A kill during the last attempt makes a crash of what would have failed: one attempt more for that.
        let files = plan.files
        for _ in 0..<5 where !plan.isDead {
            if try drive(options, files, plan) { break }
        }
        let last = FaultPlan(at: 0, nil, isShut: test.isShut).files
        #expect(try drive(options, last, nil), "the last run does not end")
        var tree: [String: String] = [:]
        for place in ["in", "out", "spool"] {
            for (name, text) in spool.tree(place) {
                if name == "lock" || name == "status.json" || name.hasPrefix("records/") { continue }
                tree["\(place)/\(name)"] = name.hasSuffix(".json") ? "" : text
            }
        }
        return tree
    }

    /// Runs an engine by hand. - Returns: whether it came to an end by itself.
    private func drive(_ options: SpoolOptions, _ files: FileSystem, _ plan: FaultPlan?) throws -> Bool {
        let clock = TestClock()
        let engine: SpoolEngine
        do {
            engine = try SpoolEngine(options, logger: silent, files: files, clock: clock.time)
        } catch {
            if plan == nil { throw error }
            return false
        }
        defer { engine.disk.release() }
        for _ in 0..<2000 {
            if plan?.isDead == true { return false }
            clock.advance()
            engine.wake()
            for delivery in engine.takeDeliveries() {
                guard case .work(let claim) = delivery else { continue }
                engine.finish(
                    claim.id,
                    outcome(of: claim, fileExtension: claim.name.text.hasSuffix("jpg") ? "png" : nil))
            }
            let counts = engine.snapshot()
            if !engine.machine.hasWork, counts.arriving + counts.held == 0 { return true }
        }
        return false
    }
}
