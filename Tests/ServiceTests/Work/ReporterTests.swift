import Files
import Foundation
import ProcessLimits
import Service
import Synchronization
import TestSupport
import Testing

@Suite struct ReporterTests {
    private func page(_ place: Workplace) throws -> String {
        try String(contentsOfFile: place.folder.path("out/report.html"), encoding: .utf8)
    }

    private func reporter(_ place: Workplace) -> Reporter {
        Reporter(place.configuration, budget: MemoryBudget(byteCount: 1 << 30), logger: RecordedLog().logger)
    }

    @Test func onceKeepsAReportBesideTheBundle() async throws {
        var place = try Workplace()
        place.configuration.report = true
        try place.deliver("a.png")
        try place.deliver("broken.png", bytes: Array("no picture".utf8))
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(place.names("out") == ["a.png", "pred.npz", "report.html", "submission.zip"])
        let html = try page(place)
        #expect(html.contains("<h3><bdi>a.png</bdi></h3>") && html.contains("type=\"range\""))
        #expect(html.contains("The file is not a picture that can be read."))
        #expect(html.contains(" · took "))
        // What a picture took outlives the process; the page is no picture for the bundle or the next run.
        try place.deliver("b.png")
        let next = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(next.drain.done == 1 && next.exitCode == .done)
        #expect(try page(place).components(separatedBy: " · took ").count == 3)
        #expect(place.names("out") == ["a.png", "b.png", "pred.npz", "report.html", "submission.zip"])
    }

    @Test func originalsThatAreKeptAreFoundInTheInbox() async throws {
        var place = try Workplace()
        (place.configuration.report, place.configuration.originals) = (true, .keep)
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(try page(place).contains("type=\"range\""))
    }

    @Test func itIsOffUnlessItIsWanted() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(!place.exists("out/report.html"))
    }

    @Test func aPageThatCannotBeWrittenFailsNothing() async throws {
        var place = try Workplace()
        (place.configuration.report, place.configuration.bundle) = (true, false)
        try FileManager.default.createDirectory(
            atPath: place.folder.path("out/report.html"), withIntermediateDirectories: false)
        try place.deliver("a.png")
        let report = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(report.exitCode == .done && report.drain.done == 1)
        #expect(place.names("out") == ["a.png", "report.html"])
    }

    @Test func itGivesWayToPictures() async throws {
        var place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        place.configuration.report = true
        let inHand = Atomic(1)
        let reporter = reporter(place)
        reporter.countInHand { inHand.load(ordering: .relaxed) }
        reporter.request()
        try await Task.sleep(for: .milliseconds(400))
        #expect(!place.exists("out/report.html"))
        inHand.store(0, ordering: .relaxed)
        try await wait { place.exists("out/report.html") }
    }

    @Test func aStopEndsIt() async throws {
        var place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        place.configuration.report = true
        let reporter = reporter(place)
        reporter.countInHand { 1 }
        reporter.request()
        try await Task.sleep(for: .milliseconds(200))
        #expect(reporter.stop(atMost: .seconds(5)))
        #expect(!place.exists("out/report.html"))
        let hidden = try FileManager.default.contentsOfDirectory(atPath: place.folder.path("out"))
            .filter { $0.hasPrefix(".") }
        #expect(hidden.isEmpty)
    }

    @Test func whatAKilledProcessWasWritingIsSwept() throws {
        var place = try Workplace()
        place.configuration.report = true
        for name in [".report.html.12-1.tmp", ".other.tmp"] { try place.folder.write([1], to: "out/\(name)") }
        reporter(place).sweep()
        #expect(!place.exists("out/.report.html.12-1.tmp") && place.exists("out/.other.tmp"))
    }
}
