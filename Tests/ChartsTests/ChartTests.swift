import Charts
import Files
import Foundation
import Images
import TestSupport
import Testing

@Suite("Charts")
struct ChartTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-charts")
    }

    private func history(_ name: String, _ values: [Double?]) -> RunHistory {
        RunHistory(
            name: name,
            epochs: values.enumerated().map {
                RunHistory.Epoch(
                    epoch: Double($0 + 1), trainingLoss: $1, validationPSNR: $1.map { 30 - $0 },
                    validationSSIM: $1.map { 1 - $0 / 10 })
            })
    }

    @Test("Learning curves as SVG and PNG")
    func curves() throws {
        let curves = LearningCurves(
            title: "three <losses> & \u{1B}[2J",
            runs: [history("L1", [1, 0.5, 0.4]), history("MSE", [0.9, 0.2, 0.3])])
        try curves.write(to: Path(folder.path))
        let svg = String(decoding: try WholeFiles.read(Path(folder.path("curves.svg"))), as: UTF8.self)
        let parser = XMLChecker()
        #expect(parser.isWellFormed(svg))
        for part in [
            "three &lt;losses&gt; &amp; [2J", "L1", "MSE", "Training loss", "29.80", "0.9800", "epoch",
        ] {
            #expect(svg.contains(part), "\(part) is missing")
        }
        let png = try PictureCodec.decode(try WholeFiles.read(Path(folder.path("curves.png"))))
        #expect(png.width == 1200 && png.height == 800)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names == ["curves.png", "curves.svg"])
    }

    @Test("Losses of different kinds share no axis")
    func comparison() {
        let drawing = LearningCurves(
            title: "", runs: [history("L1", [1, 0.5]), history("MSE", [0.9, 0.2])], showsTrainingLoss: false
        ).drawing
        #expect(!drawing.svg.contains("Training loss") && drawing.svg.contains("Validation PSNR"))
    }

    @Test(
        "Whatever the values, a chart is drawn",
        arguments: [
            [], [nil], [0], [0, 0], [1e-9, 1], [1e300, -1e300], [.nan, 1, .infinity], [.nan],
            [.infinity, .infinity],
            [-5, -5], [Double.leastNonzeroMagnitude, 1e-307], [1e18, 1e18 + 1e6], [100_000, 1],
        ] as [[Double?]])
    func hostile(values: [Double?]) throws {
        let curves = LearningCurves(title: "", runs: [history("a", values)])
        #expect(curves.drawing.pixels.width == 1200)
        #expect(!curves.drawing.svg.contains("nan") && !curves.drawing.svg.contains("inf"))
    }

    @Test("Many runs and long names fit")
    func many() throws {
        let runs = (0..<12).map { history("run-\($0)-" + String(repeating: "x", count: $0 * 20), [1, 0.5]) }
        let drawing = LearningCurves(
            title: String(repeating: "title ", count: 60), runs: runs, width: 800, height: 600
        ).drawing
        #expect(drawing.pixels.width == 800 && drawing.height > 600)
    }

    @Test("A curve is where its values say, in its colour")
    func pixels() throws {
        let drawing = LearningCurves(title: "", runs: [history("a", [3, 2, 1])]).drawing
        let image = drawing.pixels
        let blues = stride(from: 0, to: image.samples.count, by: 3).count {
            image.samples[$0..<$0 + 3].elementsEqual([0x0B, 0x6F, 0xB8])
        }
        #expect(blues > 2000)
        #expect(image.samples.prefix(3).elementsEqual([255, 255, 255]))
    }

    @Test("Sample sheets hold the pictures, pixel by pixel where they fit")
    func sheet() throws {
        func plain(_ value: UInt8, side: Int) -> RGBPixels {
            RGBPixels(width: side, height: side, samples: .init(repeating: value, count: side * side * 3))
        }
        let row = SampleSheet.Row(
            name: "rain-1.png", degraded: plain(10, side: 256), restored: plain(20, side: 256),
            clean: plain(30, side: 256), psnr: (12.345, .infinity))
        #expect(row.title == "rain-1.png   12.35 → inf dB")
        let sheet = SampleSheet(title: "epoch 3", rows: [row, row])
        try sheet.write(to: Path(folder.path("sheet.png")))
        let picture = try PictureCodec.decode(try WholeFiles.read(Path(folder.path("sheet.png"))))
        guard case .eightBit(let samples) = picture.samples else {
            Issue.record("a sheet of 16 bits")
            return
        }
        for value in [10, 20, 30] as [UInt8] {
            let count = stride(from: 0, to: samples.count, by: 3).count {
                samples[$0..<$0 + 3].elementsEqual([value, value, value])
            }
            #expect(count == 2 * 256 * 256)
        }
    }

    @Test(
        "Pictures of any size are fitted",
        arguments: [(1, 1), (1, 900), (900, 1), (333, 320), (40, 64), (641, 640)])
    func fitted(width: Int, height: Int) {
        let picture = RGBPixels(
            width: width, height: height, samples: .init(repeating: 77, count: width * height * 3))
        let sheet = SampleSheet(
            title: "", columns: ["one", "two"],
            rows: [.init(title: "", cells: [.init(picture, caption: "20.1 dB"), .init(picture)])])
        let pixels = sheet.pixels
        #expect(pixels.width < 800 && pixels.height < 500)
        #expect(pixels.samples.contains(77))
    }

    @Test("A sheet may be empty")
    func emptySheet() {
        #expect(SampleSheet(title: "nothing", rows: []).pixels.height > 0)
    }
}

/// Checks that tags are closed in order and that no bare & or < stands between them: what an XML reader insists on.
private struct XMLChecker {
    func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        for piece in text.split(separator: "<").dropFirst(0) {
            guard let end = piece.firstIndex(of: ">") else {
                return piece.allSatisfy(\.isWhitespace)
            }
            let tag = piece[..<end]
            let name = tag.drop { $0 == "/" }.prefix { !$0.isWhitespace && $0 != "/" }
            if tag.hasPrefix("/") {
                guard open.popLast() == name else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
            let rest = piece[piece.index(after: end)...]
            let escapes = ["&lt;", "&gt;", "&amp;", "&quot;"].reduce(String(rest)) {
                $0.replacing($1, with: "")
            }
            if escapes.contains("&") || escapes.contains(">") { return false }
        }
        return open.isEmpty
    }
}
