import Charts
import Terminals

/// How many pictures were restored in each span of time, by the times of the restored files.
struct RateChart {
    private static let spans: [(seconds: Double, name: String)] = [
        (1, "second"), (5, "5 seconds"), (15, "15 seconds"), (60, "minute"), (300, "5 minutes"),
        (900, "15 minutes"), (3600, "hour"), (4 * 3600, "4 hours"), (86_400, "day"), (7 * 86_400, "7 days"),
        (28 * 86_400, "28 days"), (364 * 86_400, "364 days"),
    ]
    private static let maximumBarCount = 60.0

    private let times: [Double]
    private let span: (seconds: Double, name: String)

    /// - Parameter times: seconds since 1970.
    /// - Returns: nil if there are too few times for a rate.
    init?(_ times: [Double]) {
        let times = times.sorted()
        guard times.count >= 3, let first = times.first, let last = times.last, last - first >= 2 else {
            return nil
        }
        self.times = times
        let length = last - first
        span =
            Self.spans.first { length / $0.seconds <= Self.maximumBarCount }
            ?? (length / Self.maximumBarCount, "1/60 of the time")
    }

    var html: String {
        guard let first = times.first, let last = times.last else { return "" }
        let begin = (first / span.seconds).rounded(.down) * span.seconds
        let barCount = Int((last - begin) / span.seconds) + 1
        var counts = [Int](repeating: 0, count: barCount)
        for time in times { counts[min(Int((time - begin) / span.seconds), barCount - 1)] += 1 }
        let frame = ChartFrame(
            AxisScale([0, Double(counts.max() ?? 1)], tickCount: 4, isWhole: true), from: begin,
            to: begin + Double(barCount) * span.seconds)
        var path = ""
        for (index, count) in counts.enumerated() where count > 0 {
            let left = frame.x(begin + Double(index) * span.seconds)
            let right = frame.x(begin + Double(index + 1) * span.seconds)
            let gap = min(1, (right - left) * 0.15)
            path +=
                "M\(fixed(left + gap, 1)) \(fixed(frame.y(0), 1))V\(fixed(frame.y(Double(count)), 1))"
                + "H\(fixed(right - gap, 1))V\(fixed(frame.y(0), 1))Z"
        }
        let length = last - first
        let perMinute = Double(times.count - 1) * 60 / length
        let rate =
            perMinute >= 1
            ? "\(fixed(perMinute, perMinute < 10 ? 1 : 0)) a minute"
            : perMinute * 60 >= 1
                ? "\(fixed(perMinute * 60, 1)) an hour" : "\(fixed(perMinute * 1440, 1)) a day"
        return frame.html(
            id: "chart-rate", title: "Pictures per \(span.name)",
            marks: "<path class=\"bar\" d=\"\(path)\"/>",
            caption:
                "\(PageText.count(times.count)) pictures in \(PageText.duration(length)), pauses included: \(rate). At most \(PageText.count(counts.max() ?? 0)) per \(span.name)."
        )
    }
}
