import Files
import Spool
import Testing

/// Events are read on a queue of their own, so what they say may be over when it is taken.
@Suite("Events that come late", .inTurn) struct StaleEventTests {
    @Test func aPictureThatWasPutBackIsNotForgotten() throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.arrivalPatience = .seconds(3600)
        try spool.deliver("a.png", "half")
        let clock = TestClock()
        let engine = try SpoolEngine(options, logger: silent, clock: clock.time)
        defer { engine.disk.release() }
        for _ in 0..<20 where engine.snapshot().held == 0 {
            for case .work(let claim) in engine.takeDeliveries() {
                engine.finish(claim.id, outcome(of: claim))
            }
            clock.advance()
            engine.wake()
        }
        #expect(engine.snapshot().held == 1)
        // It left the inbox when it was claimed.
        let name = try #require(RelativeName("a.png"))
        engine.take([.gone(name)], inScan: false)
        #expect(engine.snapshot().held == 1)
        try spool.remove("in/a.png")
        engine.take([.gone(name)], inScan: false)
        #expect(engine.snapshot().held == 0)
    }
}
