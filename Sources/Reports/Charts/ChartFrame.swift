import Charts
import Files
import Terminals

/// The frame of a small chart: its size, the vertical axis with grid lines, and a horizontal axis of time. Colours come
/// from the page's style, so that the chart follows light and dark.
struct ChartFrame {
    static let width = 440.0
    static let height = 200.0
    private static let left = 48.0
    private static let right = width - 8
    private static let top = 10.0
    private static let bottom = height - 26

    let scale: AxisScale
    let begin: Double
    let end: Double

    /// - Parameters:
    ///   - begin, end: seconds since 1970.
    init(_ scale: AxisScale, from begin: Double, to end: Double) {
        self.scale = scale
        self.begin = begin
        self.end = max(end, begin + 1)
    }

    func x(_ time: Double) -> Double {
        Self.left + (time - begin) / (end - begin) * (Self.right - Self.left)
    }

    func y(_ value: Double) -> Double {
        Self.bottom - min(max(scale.position(value), 0), 1) * (Self.bottom - Self.top)
    }

    /// The figure with its marks.
    ///
    /// - Parameters:
    ///   - id: of the heading that names it.
    ///   - marks: SVG elements.
    ///   - caption: HTML below it, which says in words what it shows.
    func html(id: String, title: String, marks: String, caption: String) -> String {
        var lines = ""
        for tick in scale.ticks where tick >= scale.low && tick <= scale.high {
            let level = fixed(y(tick), 1)
            lines +=
                "<path class=\"grid\" d=\"M\(fixed(Self.left, 0)) \(level)H\(fixed(Self.right, 0))\"/>"
                + "<text x=\"\(fixed(Self.left - 8, 0))\" y=\"\(fixed(y(tick) + 4, 1))\" text-anchor=\"end\">\(scale.label(tick))</text>"
        }
        for (place, anchor, time) in [(Self.left, "start", begin), (Self.right, "end", end)] {
            lines +=
                "<text x=\"\(fixed(place, 0))\" y=\"\(fixed(Self.height - 6, 0))\" text-anchor=\"\(anchor)\">\(label(time))</text>"
        }
        return "<figure aria-labelledby=\"\(id)\"><h3 id=\"\(id)\">\(title)</h3>"
            + "<svg viewBox=\"0 0 \(fixed(Self.width, 0)) \(fixed(Self.height, 0))\" aria-hidden=\"true\">\(lines)\(marks)</svg>"
            + "<figcaption>\(caption)</figcaption></figure>"
    }

    /// A time on the axis, as exact as its length needs.
    private func label(_ time: Double) -> String {
        let text = Timestamp.text(.seconds(time))
        return switch end - begin {
        case ..<600: String(text.dropFirst(11).prefix(8))
        case ..<86_400: String(text.dropFirst(11).prefix(5))
        default: String(text.prefix(10))
        }
    }
}
