import Files
import Terminals

/// The figures above the pictures, and the charts below them. Figures are known only when all pictures are on the page,
/// so the page keeps room for them.
struct Overview {
    /// More than the longest overview takes: it has numbers and fixed words only.
    static let maximumByteCount = 6144

    private let contents: ReportContents
    private var counts: [PictureLine.State: Int] = [:]
    private var alone = 0
    private var meanChange = Mean()
    private var changedShare = Mean()
    private var psnrBefore = Mean()
    private var psnr = Mean()
    private var ssim = Mean()
    private var written: [Double] = []
    private var work: [(at: Double, seconds: Double)] = []
    private var waits: [(at: Double, seconds: Double)] = []

    private struct Mean {
        var sum = 0.0
        var count = 0

        mutating func add(_ value: Double?) {
            guard let value, value.isFinite else { return }
            sum += value
            count += 1
        }

        var value: Double? { count == 0 ? nil : sum / Double(count) }
    }

    init(_ contents: ReportContents) {
        self.contents = contents
        counts[.failed] = contents.failures.count
    }

    /// Counts a picture of the page.
    mutating func add(_ line: PictureLine) {
        let measurement = line.measurement
        counts[line.state, default: 0] += 1
        if line.state != .failed, measurement.before == nil { alone += 1 }
        meanChange.add(measurement.meanChange)
        changedShare.add(measurement.changedShare)
        psnrBefore.add(measurement.scores?.psnrBefore)
        psnr.add(measurement.scores?.psnr)
        ssim.add(measurement.scores?.ssim)
        written.append(line.written)
        if let seconds = line.seconds { work.append((line.written, seconds)) }
        if let original = line.item.original {
            let wait = line.written - original.status.modified.inSeconds
            // A photograph that was copied with its date says nothing about waiting.
            if wait >= 0, wait <= 86_400 { waits.append((line.written, wait)) }
        }
    }

    private func count(_ state: PictureLine.State) -> Int { counts[state, default: 0] }

    private var total: Int { contents.items.count + contents.failures.count }

    /// The figures, what is left out, and the buttons that filter.
    var html: String {
        var figures: [(String, String)] = [
            ("restored", PageText.count(count(.restored) + count(.little))),
            ("failed", PageText.count(count(.failed))),
        ]
        if let mean = meanChange.value { figures.append(("mean change in levels", fixed(mean, 1))) }
        if let share = changedShare.value {
            figures.append(("of the pixels changed", PageText.percent(share)))
        }
        if let after = psnr.value {
            let before = psnrBefore.value.map { "\(fixed($0, 2)) → " } ?? ""
            figures.append(("mean PSNR in dB", "\(before)\(fixed(after, 2))"))
        }
        if let ssim = ssim.value { figures.append(("mean SSIM", fixed(ssim, 3))) }
        let list = figures.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" }.joined()
        return "<dl>\(list)</dl>\(remarks)</section>\n\(Self.tools(states))"
    }

    private var remarks: String {
        var remarks: [String] = []
        if contents.leftOutCount > 0 {
            remarks.append(
                "The latest \(PageText.count(contents.items.count)) restored pictures are shown; \(PageText.count(contents.leftOutCount)) older ones are not."
            )
        }
        if contents.failuresLeftOutCount > 0 {
            remarks.append(
                "\(PageText.count(contents.failuresLeftOutCount)) more failed pictures are not shown.")
        }
        if contents.unreadableFolderCount > 0 {
            let count = contents.unreadableFolderCount
            remarks.append(
                "\(PageText.count(count)) \(count == 1 ? "folder" : "folders") could not be read, so pictures may be missing."
            )
        }
        if alone > 0 {
            remarks.append(
                "\(PageText.count(alone)) \(alone == 1 ? "picture has" : "pictures have") no original to compare with."
            )
        }
        return remarks.map { "<p>\($0)</p>" }.joined()
    }

    private var states: String {
        let all: [(String, String, Int)] = [
            ("all", "All", total), ("restored", "Restored", count(.restored)),
            ("little", "Hardly changed", count(.little)), ("failed", "Failed", count(.failed)),
        ]
        return all.map { state, label, count in
            "<button type=\"button\" data-show=\"\(state)\" aria-pressed=\"\(state == "all")\">\(label) <span>\(PageText.count(count))</span></button>"
        }.joined()
    }

    private static func tools(_ states: String) -> String {
        let orders = [
            ("name", "Name"), ("written", "Latest first"), ("mean", "Most changed first"),
            ("seconds", "Longest first"), ("bytes", "Largest file first"), ("psnr", "Lowest PSNR first"),
        ]
        let options = orders.map { "<option value=\"\($0.0)\">\($0.1)</option>" }.joined()
        return "<div class=\"tools\" role=\"search\" aria-label=\"Filter and sort\">"
            + "<input id=\"find\" type=\"search\" aria-label=\"Filter by name\" placeholder=\"Filter by name\" autocomplete=\"off\" spellcheck=\"false\">"
            + "<div class=\"states\" role=\"group\" aria-label=\"Show\">\(states)</div>"
            + "<label>Order <select id=\"order\">\(options)</select></label>"
            + "<p id=\"shown\" role=\"status\"></p></div>"
    }

    /// The section with the charts.
    var charts: String {
        var figures: [String] = []
        if let rate = RateChart(written) { figures.append(rate.html) }
        if let chart = TimeChart(
            work, title: "Time per picture",
            remark: "From the moment a picture was taken from the inbox until its result was safe.")
        {
            figures.append(chart.html)
        }
        if let chart = TimeChart(
            waits, title: "From original to result",
            remark:
                "From the last change of the original's file until the restored one was written. Originals that were a day old are left out."
        ) {
            figures.append(chart.html)
        }
        guard !figures.isEmpty else { return "" }
        return
            "<section class=\"speed\" aria-labelledby=\"speed\"><h2 id=\"speed\">Speed</h2><div class=\"charts\">"
            + figures.joined() + "</div></section>\n"
    }
}
