import Files
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct SpoolReportTests {
    let work: ReportWorkplace

    init() throws {
        work = try ReportWorkplace()
        try WholeFiles.createFolders(work.root.appending("spool"))
    }

    private func reason(_ code: String, _ message: String) -> [UInt8] {
        Array(
            "{\"schema\": \"promptir-failure/1\", \"code\": \"\(code)\", \"message\": \"\(message)\", \"attempts\": 3, \"time\": \"2026-11-25T23:15:02Z\"}\n"
                .utf8)
    }

    private func html() throws -> String {
        _ = try Report(work.folders(spool: true)).write(to: work.page)
        return try work.html()
    }

    @Test func theLastOriginalOfANameIsTheOneOfItsResult() throws {
        try work.picture("out/sub/a.png", level: 30)
        try work.picture("spool/archive/sub/a.png", level: 10)
        usleep(20_000)
        try work.picture("spool/archive/again-2026-11-25/231502-0123456789abcdef/sub/a.png", level: 25)
        #expect(try html().contains("Changed by 5.0 levels"))
    }

    @Test func resultsOfAnotherFormatFindTheirOriginals() throws {
        try work.picture("out/a.png", level: 30)
        try work.picture("out/a.jpg.png", level: 30)
        try work.picture("out/b.png", level: 30)
        try work.picture("spool/archive/a.png")
        try work.picture("spool/archive/a.jpg", format: .jpeg)
        try work.picture("spool/archive/b.jpeg", format: .jpeg)
        #expect(try html().components(separatedBy: "type=\"range\"").count == 4)
    }

    @Test func shardsHaveArchivesOfTheirOwn() throws {
        try work.picture("out/a.png", level: 30)
        try work.picture("spool/shard-1-of-4/archive/a.png")
        #expect(try html().contains("Changed by 30.0 levels"))
    }

    @Test func failuresHaveTheirReasonsInWords() throws {
        try work.write([1, 2, 3], to: "spool/failed/sub/a.png")
        try work.write(reason("crashed", "<b>the process ended</b>"), to: "spool/failed/sub/a.png.json")
        try work.write([1], to: "spool/failed/again-2026-11-25/231502-0123456789abcdef/b.png")
        try work.write(
            reason("decode", "no picture"),
            to: "spool/failed/again-2026-11-25/231502-0123456789abcdef/b.png.json")
        try work.write([1], to: "spool/failed/c.png")
        try work.write([1], to: "spool/failed/d.png")
        try work.write(Array("not JSON".utf8), to: "spool/failed/d.png.json")
        try WholeFiles.createFolders(work.root.appending("out"))
        let html = try html()
        #expect(parts(of: html, from: "<h3><bdi>", to: "</bdi>") == ["b.png", "c.png", "d.png", "sub/a.png"])
        #expect(html.contains("The program ended each time it worked on this picture."))
        #expect(html.contains("&lt;b&gt;the process ended&lt;/b&gt;"))
        #expect(html.contains("3 attempts · 2026-11-25 23:15 UTC"))
        #expect(html.components(separatedBy: "No reason is beside the picture.").count == 3)
    }

    @Test func chartsShowRatesAndTimes() throws {
        for index in 0..<5 {
            try work.picture(Path("out/\(index).png"), level: 30)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_800_000_000 + Double(index * 30))],
                ofItemAtPath: work.root.appending(Path("out/\(index).png")).description)
        }
        _ = try Report(work.folders()).write(to: work.page, seconds: { $0 == "3.png" ? 12 : 2 })
        let html = try work.html()
        #expect(html.contains("5 pictures in 2:00 min, pauses included: 2.0 a minute."))
        #expect(html.contains("Half of the pictures took at most 2.00 s"))
        #expect(html.contains("the longest 12.0 s"))
        #expect(parts(of: html, from: "id=\"chart-", to: "\"") == ["rate", "time-per-picture"])
    }
}
