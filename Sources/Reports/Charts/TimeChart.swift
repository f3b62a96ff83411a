import Charts
import Terminals

/// How long each picture took, against the time when its result was written.
struct TimeChart {
    private let values: [(at: Double, seconds: Double)]
    private let title: String
    private let remark: String

    /// - Parameter values: times since 1970 with what was taken, both in seconds.
    /// - Returns: nil if there are too few values for a chart.
    init?(_ values: [(at: Double, seconds: Double)], title: String, remark: String) {
        guard values.count >= 3 else { return nil }
        self.values = values
        self.title = title
        self.remark = remark
    }

    var html: String {
        let times = values.map(\.at)
        let sorted = values.map(\.seconds).sorted()
        // A logarithm has no place for zero.
        let scale = AxisScale(sorted.map { max($0, 0.001) }, tickCount: 4, mayBeLogarithmic: true)
        let frame = ChartFrame(scale, from: times.min() ?? 0, to: times.max() ?? 1)
        let dots = values.map {
            "M\(fixed(frame.x($0.at), 1)) \(fixed(frame.y(max($0.seconds, 0.001)), 1))h0"
        }
        let median = sorted[sorted.count / 2]
        let level = fixed(frame.y(max(median, 0.001)), 1)
        let last = sorted[sorted.count - 1]
        let ninth = sorted[min(sorted.count * 9 / 10, sorted.count - 1)]
        return frame.html(
            id: "chart-" + title.lowercased().split(separator: " ").joined(separator: "-"),
            title: "\(title), in seconds",
            marks:
                "<path class=\"dot\" d=\"\(dots.joined())\"/><path class=\"median\" d=\"M48 \(level)H432\"/>",
            caption:
                "\(remark) Half of the pictures took at most \(PageText.duration(median)), nine of ten at most \(PageText.duration(ninth)), the longest \(PageText.duration(last))."
        )
    }
}
