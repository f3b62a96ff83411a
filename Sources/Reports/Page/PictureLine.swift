import Files
import Images
import Restoration
import Terminals

/// A restored picture of the page, in one line of HTML, so that the next page finds it.
struct PictureLine {
    enum State: String {
        case restored
        /// At most `fewPixels` of the pixels changed visibly.
        case little
        case failed
    }

    /// The share of visibly changed pixels up to which a picture counts as hardly changed.
    static let fewPixels = 0.005
    static let dataPrefix = "data:image/jpeg;base64,"

    let item: ReportContents.Item
    let key: String
    let measurement: Measurement
    /// What restoring it took; nil if it is not known.
    let seconds: Double?

    init(_ item: ReportContents.Item, key: String, measurement: Measurement, seconds: Double?) {
        self.item = item
        self.key = key
        self.measurement = measurement
        self.seconds = seconds
    }

    var state: State {
        if case .unreadable = measurement.note { return .failed }
        return (measurement.changedShare ?? 1) <= Self.fewPixels ? .little : .restored
    }

    /// When the restored picture was written, in seconds since 1970.
    var written: Double { item.restored.status.modified.inSeconds }

    var html: String {
        let name = MarkupText.escaped(item.restored.file.description)
        // Without figures the next page has nothing to look up.
        let (shownKey, figures) = measurement.attribute.map { (key, $0) } ?? ("", "")
        var attributes = "data-key=\"\(shownKey)\" data-facts=\"\(figures)\" "
        attributes += "data-seconds=\"\(seconds.map { fixed($0, 3) } ?? "")\" class=\"card\" "
        attributes += "data-state=\"\(state.rawValue)\" data-written=\"\(fixed(written, 3))\" "
        attributes += "data-bytes=\"\(item.restored.status.byteCount)\" "
        attributes += "data-mean=\"\(measurement.meanChange.map { fixed($0, 3) } ?? "")\" "
        attributes += "data-psnr=\"\(measurement.scores.map { fixed(min($0.psnr, 999), 3) } ?? "")\""
        return "<article \(attributes)>\(figure(name))<h3><bdi>\(name)</bdi></h3>\(body)</article>\n"
    }

    private func figure(_ name: String) -> String {
        guard let after = measurement.after else { return "" }
        let size =
            "width=\"\(measurement.width)\" height=\"\(measurement.height)\" loading=\"lazy\" decoding=\"async\""
        let restored =
            "<img class=\"after\" alt=\"\(name), restored\" \(size) src=\"\(Self.dataPrefix)\(after)\">"
        guard let before = measurement.before else {
            return
                "<div class=\"view\">\(restored)<span class=\"tag right\" aria-hidden=\"true\">restored</span></div>"
        }
        return "<div class=\"view compare\">"
            + "<img class=\"before\" alt=\"\(name), original\" \(size) src=\"\(Self.dataPrefix)\(before)\">"
            + restored
            + "<input type=\"range\" min=\"0\" max=\"100\" value=\"50\" aria-label=\"How much of the original shows: \(name)\" "
            + "aria-valuetext=\"50 % original\"><span class=\"edge\"></span>"
            + "<span class=\"tag left\" aria-hidden=\"true\">original</span>"
            + "<span class=\"tag right\" aria-hidden=\"true\">restored</span></div>"
    }

    private var body: String {
        var lines: [String] = []
        switch measurement.note {
        case .none: break
        case .noOriginal:
            lines.append("<p class=\"note\">Its original was not found, so it is shown alone.</p>")
        case .otherSize:
            lines.append("<p class=\"note\">Its original has another size, so it is shown alone.</p>")
        case .unreadableOriginal(let reason):
            lines.append("<p class=\"note\">Its original cannot be read: \(MarkupText.oneLine(reason))</p>")
        case .unreadable(let reason):
            lines.append(
                "<p class=\"reason\">The restored picture cannot be read.</p><p class=\"note\">\(MarkupText.oneLine(reason))</p>"
            )
        }
        if let mean = measurement.meanChange, let share = measurement.changedShare {
            lines.append(
                "<svg class=\"share\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
                    + "<rect class=\"all\" width=\"100\" height=\"1\"/><rect class=\"part\" width=\"\(fixed(share * 100, 1))\" height=\"1\"/></svg>"
            )
            let text =
                mean < 0.05 && share < 0.0005
                ? "No visible change"
                : "Changed by \(fixed(mean, 1)) levels, \(PageText.percent(share)) of the pixels"
            lines.append("<p>\(text)</p>")
        }
        if let scores = measurement.scores { lines.append("<p>\(Self.text(scores))</p>") }
        lines.append("<p class=\"small\">\(small)</p>")
        return lines.joined()
    }

    private static func text(_ scores: Measurement.Scores) -> String {
        func decibels(_ value: Double) -> String { value.isFinite ? fixed(value, 2) : "∞" }
        let before = scores.psnrBefore.map { "\(decibels($0)) → " } ?? ""
        return "PSNR \(before)\(decibels(scores.psnr)) dB"
            + (scores.ssim.map { ", SSIM \(fixed($0, 3))" } ?? "")
    }

    /// Size, files and times.
    private var small: String {
        var parts: [String] = []
        if measurement.width > 0 { parts.append("\(measurement.width) × \(measurement.height)") }
        let bytes = PageText.size(item.restored.status.byteCount)
        parts.append(item.original.map { "\(PageText.size($0.status.byteCount)) → \(bytes)" } ?? bytes)
        let time = item.restored.status.modified
        parts.append("<time datetime=\"\(Timestamp.text(time))\">\(PageText.time(time))</time>")
        if let seconds { parts.append("took \(PageText.duration(seconds))") }
        return parts.joined(separator: " · ")
    }
}

/// A picture without a restored one, as a line of the page.
struct FailureLine {
    private let failure: FailedPicture

    init(_ failure: FailedPicture) {
        self.failure = failure
    }

    var html: String {
        let name = MarkupText.escaped(failure.name.description)
        var small = [PageText.size(failure.byteCount)]
        if let attempts = failure.attempts { small.append("\(attempts) attempt\(attempts == 1 ? "" : "s")") }
        if let time = failure.time { small.append(PageText.plain(MarkupText.oneLine(time))) }
        return "<article class=\"card failed\" data-state=\"failed\" data-bytes=\"\(failure.byteCount)\">"
            + "<h3><bdi>\(name)</bdi></h3><p class=\"reason\">\(failure.summary)</p>"
            + "<p class=\"note\">\(MarkupText.oneLine(failure.message))</p>"
            + "<p class=\"small\">\(small.joined(separator: " · "))</p></article>\n"
    }
}
