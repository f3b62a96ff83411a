import Files
import Foundation
import Images
import Reports
import TestSupport
import Testing

@Suite struct ReportTests {
    let work: ReportWorkplace

    init() throws {
        work = try ReportWorkplace()
    }

    private func titles(_ html: String) -> [String] { parts(of: html, from: "<h3><bdi>", to: "</bdi>") }

    @Test func picturesAreShownBesideTheirOriginalsInOrderOfTheirNames() throws {
        for (name, level) in [("b.png", 9), ("a.png", 20), ("sub/c.png", 0)] {
            try work.picture(Path("in/\(name)"))
            try work.picture(Path("out/\(name)"), level: UInt8(level))
        }
        let summary = try Report(work.folders(degraded: true)).write(to: work.page)
        #expect(summary.pictureCount == 3 && summary.failedCount == 0 && summary.reusedCount == 0)
        let html = try work.html()
        #expect(titles(html) == ["a.png", "b.png", "sub/c.png"])
        #expect(parts(of: html, from: "data-state=\"", to: "\"") == ["restored", "restored", "little"])
        #expect(html.contains("Changed by 20.0 levels, 100.0 % of the pixels"))
        #expect(html.contains("Changed by 9.0 levels"))
        #expect(html.contains("No visible change"))
        #expect(html.components(separatedBy: "type=\"range\"").count == 4)
    }

    @Test func nothingIsLoadedFromOutsideAndOnlyThePagesOwnScriptRuns() throws {
        try work.picture("in/a.png")
        try work.picture("out/a.png", level: 9)
        _ = try Report(work.folders(degraded: true)).write(to: work.page)
        let html = try work.html()
        #expect(
            parts(of: html, from: "src=\"", to: "\"").allSatisfy { $0.hasPrefix("data:image/jpeg;base64,") })
        #expect(parts(of: html, from: "href=\"", to: "\"") == ["#pictures"])
        #expect(!html.contains("url(") && !html.contains("@import") && !html.contains("://"))
        #expect(!html.contains(" style=\""))
        let policy = try #require(
            parts(of: html, from: "Content-Security-Policy\" content=\"", to: "\"").first)
        #expect(policy.hasPrefix("default-src 'none'; img-src data:; style-src 'sha256-"))
        #expect(!policy.contains("unsafe"))
    }

    @Test func hostileNamesStayText() throws {
        let names: [Path] = [
            "<img src=x onerror=a()>.png", "\"><script>a()<!--.png", "' onload='a().png", "&amp;`${a()}.png",
            Path(bytes: Array("x\nline ".utf8) + [0xFF, 0xFE] + Array(".png".utf8)),
            "x<\u{202E}gnp.png",
        ]
        for name in names {
            try work.picture(Path("in").appending(name))
            try work.picture(Path("out").appending(name), level: 9)
        }
        try work.picture("in/x</script><script>a()</script>.png")
        try work.picture("out/x</script><script>a()</script>.png", level: 9)
        _ = try Report(work.folders(degraded: true)).write(to: work.page)
        let html = try work.html()
        #expect(html.components(separatedBy: "<script").count == 2)
        #expect(html.components(separatedBy: "</script>").count == 2)
        #expect(!html.contains("<img src=x") && !html.contains("<!--"))
        // A quote in a name would end an attribute: between the tags there is none but those of attributes.
        for line in parts(of: html, from: "<article ", to: "</article>") {
            #expect(line.split(separator: ">").allSatisfy { $0.filter { $0 == "\"" }.count % 2 == 0 })
            #expect(!line.contains("'") && !line.contains("\n"))
        }
        #expect(html.contains("x\\x0aline \\xff\\xfe.png"))
        #expect(html.contains("x&lt;\\xe2\\x80\\xaegnp.png"))
    }

    @Test func aPictureTakesLittleOfThePage() throws {
        // Noise is the worst for JPEG.
        var generator = SeededGenerator(seed: 1)
        for folder in ["in", "out"] {
            let samples = (0..<480 * 320 * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let noise = RGBPixels(width: 480, height: 320, samples: samples).picture
            try work.write(try PictureCodec.encode(noise, format: .jpeg), to: Path("\(folder)/noise.jpg"))
            // With more than 200 pictures, previews are as small as they get.
            for index in 0..<200 { try work.picture(Path("\(folder)/\(index).png")) }
        }
        _ = try Report(work.folders(degraded: true)).write(to: work.page, coreCount: 2)
        let lines = parts(of: try work.html(), from: "<article ", to: "</article>")
        let line = try #require(lines.first { $0.contains("noise.jpg") })
        let previews = parts(of: line, from: "base64,", to: "\"").map(\.utf8.count)
        // A thousand of these are 28 MB.
        #expect(lines.count == 201 && previews.count == 2)
        #expect(previews.allSatisfy { $0 < 10_000 * 4 / 3 + 4 })
        #expect(line.utf8.count - previews.reduce(0, +) < 2500)
    }

    @Test func whatHasNoOriginalIsShownAloneAndSaidSo() throws {
        try work.picture("out/a.png")
        try work.picture("out/b.png")
        try work.picture("in/b.png", width: 40)
        _ = try Report(work.folders(degraded: true)).write(to: work.page)
        let html = try work.html()
        #expect(html.contains("Its original was not found, so it is shown alone."))
        #expect(html.contains("Its original has another size, so it is shown alone."))
        #expect(html.contains("2 pictures have no original to compare with."))
        #expect(!html.contains("type=\"range\""))
    }

    @Test func scoresAreThoseAgainstTheCleanPictures() throws {
        try work.picture("in/a.png", level: 20)
        try work.picture("out/a.png", level: 10)
        try work.picture("clean/a.png")
        _ = try Report(work.folders(degraded: true, clean: true)).write(to: work.page)
        // 20 log10(255 / 20) and 20 log10(255 / 10).
        #expect(try work.html().contains("PSNR 22.11 → 28.13 dB, SSIM "))
    }

    @Test func originalsWithoutARestoredPictureAreFailures() throws {
        try work.picture("in/a.png")
        try work.picture("out/a.png", level: 9)
        try work.picture("in/forgotten.png")
        try work.write(Array("no picture".utf8), to: "in/notes.png")
        let summary = try Report(work.folders(degraded: true)).write(to: work.page)
        #expect(summary.failedCount == 2)
        let html = try work.html()
        #expect(html.contains("There is no restored picture of this name."))
        #expect(html.contains("neither PNG nor JPEG: it begins with"))
    }

    @Test func aRestoredPictureThatCannotBeReadIsAFailure() throws {
        try work.picture("out/a.png")
        try work.write(Array("no picture".utf8), to: "out/b.png")
        _ = try Report(work.folders()).write(to: work.page)
        let html = try work.html()
        #expect(html.contains("The restored picture cannot be read."))
        #expect(html.contains("data-show=\"failed\" aria-pressed=\"false\">Failed <span>1</span>"))
    }

    @Test func linksAndSpecialFilesAreNotFollowed() throws {
        try work.picture("out/a.png")
        try work.picture("secret/private.png", level: 50)
        let out = work.root.appending("out").description
        try FileManager.default.createSymbolicLink(
            atPath: out + "/link.png",
            withDestinationPath: work.root.appending("secret/private.png").description)
        try FileManager.default.createSymbolicLink(
            atPath: out + "/linked", withDestinationPath: work.root.appending("secret").description)
        #expect(mkfifo(out + "/pipe.png", 0o600) == 0)
        let summary = try Report(work.folders()).write(to: work.page)
        #expect(summary.pictureCount == 1)
    }

    @Test func onlyTheLatestAreShown() throws {
        for index in 0..<5 {
            try work.picture(Path("out/\(index).png"))
            // Times of change have the clock's resolution.
            usleep(20_000)
        }
        let summary = try Report(work.folders(), maximumCount: 2).write(to: work.page)
        #expect(summary.pictureCount == 2 && summary.leftOutCount == 3)
        let html = try work.html()
        #expect(titles(html) == ["3.png", "4.png"])
        #expect(html.contains("The latest 2 restored pictures are shown; 3 older ones are not."))
    }

    @Test func withoutPicturesThereIsNoPage() throws {
        try WholeFiles.createFolders(work.root.appending("out"))
        #expect(throws: ReportError.noPictures(work.root.appending("out"))) {
            try Report(work.folders()).write(to: work.page)
        }
        #expect(try WholeFiles.status(work.page) == nil)
    }

    @Test func whatFindsNoMemoryIsSaid() throws {
        try work.picture("out/a.png")
        _ = try Report(work.folders()).write(to: work.page, reserving: { _, _ in false })
        #expect(try work.html().contains("more than the budget (memory-limit)"))
    }
}
