import Foundation
import Spool
import Testing

@Suite("The spool's log", .inTurn)
struct LogTests {
    @Test func everyLineOfAPictureNamesItsJobAttemptAndTime() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "try again.")
        try spool.deliver("b.png", "good.")
        let log = LogRecorder()
        let runner = SpoolRunner(spool.options, logger: log.logger) { claim, completion in
            DispatchQueue.global().async { completion(outcome(of: claim)) }
        }
        try runner.start()
        _ = await runner.drain(patience: .seconds(1))
        await runner.stop(within: .seconds(5))
        let lines = log.lines
        func values(_ event: SpoolEvent, _ file: String, _ key: String) -> [String] {
            lines.filter { $0["event"] == event.rawValue && $0["file"] == file }.map { $0[key] ?? "" }
        }
        #expect(values(.claimed, "a.png", "attempt") == ["1", "2", "3"])
        #expect(values(.retried, "a.png", "attempt") == ["1", "2"])
        #expect(values(.quarantined, "a.png", "attempt") == ["3"])
        let events: [SpoolEvent] = [.claimed, .retried, .quarantined]
        let jobs = events.flatMap { values($0, "a.png", "job") }
        #expect(jobs.count == 6 && Set(jobs).count == 1 && jobs[0].count == 16)
        let others = values(.restored, "b.png", "job")
        #expect(others.count == 1 && others != [jobs[0]])
        for (event, file) in [(SpoolEvent.retried, "a.png"), (.quarantined, "a.png"), (.restored, "b.png")] {
            #expect(values(event, file, "duration_usec").allSatisfy { (Int($0) ?? -1) >= 0 })
        }
        #expect(lines.contains { $0["event"] == SpoolEvent.stopped.rawValue })
    }
}
