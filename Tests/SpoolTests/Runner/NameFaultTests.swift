import Files
import Foundation
import Spool
import Testing

/// Names and folders in the inbox are other people's: whatever the kernel says of one, the others go on.
@Suite("Faults of a name in the inbox") struct NameFaultTests {
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
            for _ in 0..<20 {
                for case .work(let claim) in engine.takeDeliveries() {
                    engine.finish(claim.id, outcome(of: claim))
                }
                clock.advance()
                engine.wake()
            }
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
        for _ in 0..<4 {
            for case .work(let claim) in engine.takeDeliveries() {
                engine.finish(claim.id, outcome(of: claim))
            }
            clock.advance()
            engine.wake()
        }
        #expect(engine.machine.pauseReason != nil)
        #expect(engine.snapshot().failed == 0)
    }
}
