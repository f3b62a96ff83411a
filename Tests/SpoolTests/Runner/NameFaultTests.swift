import Files
import Foundation
import Spool
import Synchronization
import Testing

/// Names and folders in the inbox are other people's: whatever the kernel says of one, the others go on.
@Suite("Faults of a name in the inbox", .inTurn) struct NameFaultTests {
    /// All numbers of Linux but EINTR, after which a call is repeated.
    private static let numbers = (1...133).filter { $0 != EINTR }.map { Errno($0) }

    /// The calls that have the name itself, or the folder of that name, in their paths.
    private static let operations: [FileOperation] = [
        .status, .openFile, .read, .rename, .remove, .openFolder, .list, .makeFolder, .removeFolder,
        .syncFolder,
        .access,
    ]

    @Test(arguments: operations) func noErrorNumberPausesTheIntake(operation: FileOperation) throws {
        // For want of memory, or of the filesystem's server, a read fails through no fault of the file.
        for number in Self.numbers
        where operation != .read || number != .noMemory && number.cause != .server {
            let spool = try SpoolFixture()
            try spool.makeFolder("in/evil")
            for name in ["evil/inner.png", "evil.png", "good.png"] { try spool.deliver(name, "good.") }
            let inEvil = Array("/evil".utf8)
            let files = FileSystem(interceptingPaths: { call, path in
                let names = path.bytes
                let isEvil = names.indices.contains { names[$0...].starts(with: inEvil) }
                return call == operation && isEvil ? number : nil
            })
            let clock = TestClock()
            let engine = try SpoolEngine(spool.options, logger: silent, files: files, clock: clock.time)
            defer { engine.disk.release() }
            work(engine, clock, turns: 20)
            let counts = engine.snapshot()
            #expect(counts.pauses == 0 && counts.pauseReason == nil, "\(operation), \(number)")
            #expect(spool.read("out/good.png") == "restored good.", "\(operation), \(number)")
            let left = ["in", "spool", "out"].flatMap { spool.tree($0).keys.filter { $0.contains("evil") } }
            #expect(left.contains { $0.contains("inner.png") }, "\(operation), \(number)")
            #expect(left.contains { $0.hasSuffix("evil.png") }, "\(operation), \(number)")
        }
    }

    /// The same numbers at a root: what concerns the disk pauses.
    @Test(arguments: [Errno.noSpace, .inputOutput, .readOnly, .quota]) func aRootPauses(number: Errno) throws
    {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "good.")
        let files = FileSystem(interceptingPaths: { call, path in
            call == .createFile && path.description.contains("/out/.promptir") ? number : nil
        })
        let clock = TestClock()
        let engine = try SpoolEngine(spool.options, logger: silent, files: files, clock: clock.time)
        defer { engine.disk.release() }
        work(engine, clock, turns: 4)
        #expect(engine.machine.pauseReason != nil)
        #expect(engine.snapshot().failed == 0)
    }

    /// The server of a network filesystem forgets a handle at the first read, and again when the picture is opened for
    /// the next attempt: no attempt is counted, and the picture is not taken for lost.
    @Test func staleHandlesCostNoAttempt() throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "good.")
        let counts = Mutex<[FileOperation: Int]>([:])
        let files = FileSystem(interceptingPaths: { call, path in
            guard path.description.contains("a.png"), call == .read || path.description.contains("/claimed/")
            else { return nil }
            let isFirst = counts.withLock { counts in
                counts[call, default: 0] += 1
                return counts[call] == 1
            }
            return isFirst && [.read, .openFile].contains(call) ? .stale : nil
        })
        let clock = TestClock()
        let engine = try SpoolEngine(spool.options, logger: silent, files: files, clock: clock.time)
        defer { engine.disk.release() }
        work(engine, clock, turns: 20)
        #expect(spool.read("out/a.png") == "restored good.")
        let snapshot = engine.snapshot()
        #expect(snapshot.retried == 0 && snapshot.vanished == 0 && snapshot.failed == 0)
        #expect(counts.withLock { $0[.read] ?? 0 } >= 2 && counts.withLock { $0[.openFile] ?? 0 } >= 2)
    }

    /// Finishes what is claimed and lets the clock go on, so many times.
    private func work(_ engine: SpoolEngine, _ clock: TestClock, turns: Int) {
        for _ in 0..<turns {
            for case .work(let claim) in engine.takeDeliveries() {
                engine.finish(claim.id, outcome(of: claim))
            }
            clock.advance()
            engine.wake()
        }
    }
}
