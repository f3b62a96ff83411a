import Files
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct FormerPageTests {
    let work: ReportWorkplace

    init() throws {
        work = try ReportWorkplace()
        for index in 0..<4 {
            try work.picture(Path("in/\(index).png"))
            try work.picture(Path("out/\(index).png"), level: UInt8(index * 9))
        }
        try work.picture("out/alone.png")
    }

    private func write(seconds: Double? = nil) throws -> Report.Summary {
        try Report(work.folders(degraded: true)).write(to: work.page, seconds: { _ in seconds })
    }

    private func list(_ html: String) -> String {
        parts(of: html, from: "<div id=\"list\">", to: "</section>")[0]
    }

    @Test func whatHasNotChangedIsTakenFromIt() throws {
        #expect(try write(seconds: 1.5).reusedCount == 0)
        let first = try work.html()
        #expect(try write().reusedCount == 5)
        // With what each picture took, which nobody knows any more.
        #expect(list(try work.html()) == list(first))
        #expect(first.contains("took 1.50 s"))
    }

    @Test func whatHasChangedIsNot() throws {
        _ = try write()
        try work.picture("out/2.png", level: 40)
        try work.picture("in/3.png", level: 1)
        #expect(try write().reusedCount == 3)
        #expect(try work.html().contains("Changed by 40.0 levels"))
        try work.picture("in/alone.png")
        #expect(try write().reusedCount == 4)
    }

    @Test func nothingOfItIsCopiedUnchecked() throws {
        _ = try write()
        let good = try work.html()
        let picture = try #require(parts(of: good, from: "base64,", to: "\"").first)
        for bad in [
            good.replacingOccurrences(of: picture, with: "AAAA&gt;<script>"),
            good.replacingOccurrences(of: "data-facts=\"both 24 16", with: "data-facts=\"both x 16"),
            good.replacingOccurrences(of: "data-facts=\"both", with: "data-facts=\"<script>"),
            good.replacingOccurrences(of: "data-facts=\"both", with: "onload=\"both"),
            good.replacingOccurrences(of: "</article>", with: "<script>a()</script></article>"),
            String(repeating: "<article data-key=\"", count: 100_000), "\n\n<article data-key=\"\n",
        ] {
            try AtomicFile.write(Array(bad.utf8), to: work.page)
            _ = try write()
            let html = try work.html()
            #expect(list(html) == list(good))
            #expect(html.components(separatedBy: "<script").count == 2)
        }
    }

    @Test func aLinkIsNoFormerPage() throws {
        _ = try write()
        let elsewhere = work.root.appending("elsewhere.html")
        try FileManager.default.moveItem(atPath: work.page.description, toPath: elsewhere.description)
        try FileManager.default.createSymbolicLink(
            atPath: work.page.description, withDestinationPath: elsewhere.description)
        #expect(try write().reusedCount == 0)
    }
}
