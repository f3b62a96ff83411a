/// A diagram: axes and some curves.
struct Panel: Sendable {
    struct Curve: Sendable {
        let colour: Colour
        let points: [(x: Double, y: Double)]
        /// The best point, which is marked on the curve. Its value is shown in the panel's upper right corner.
        var highlight: (x: Double, y: Double, label: String)?
    }

    let title: String
    let xTitle: String
    let curves: [Curve]
    let xScale: AxisScale
    let yScale: AxisScale

    init(title: String, xTitle: String, curves: [Curve], xScale: AxisScale, mayBeLogarithmic: Bool) {
        self.title = title
        self.xTitle = xTitle
        self.curves = curves
        self.xScale = xScale
        yScale = AxisScale(
            curves.flatMap { $0.points.map(\.y) }, mayBeLogarithmic: mayBeLogarithmic)
    }

    /// Draws the panel with its labels into a rectangle.
    func draw(in drawing: inout Drawing, x: Double, y: Double, width: Double, height: Double) {
        let labels = yScale.ticks.map(yScale.label)
        let labelWidth = labels.map { StrokeFont.width($0, size: Style.labelSize) }.max() ?? 0
        let left = x + labelWidth + 14
        let right = x + width - 12
        let top = y + 34
        let bottom = y + height - 50
        func place(_ point: (x: Double, y: Double)) -> Point {
            Point(
                left + xScale.position(point.x) * (right - left),
                bottom - yScale.position(point.y) * (bottom - top))
        }
        drawing.text(title, at: Point(x, y + 12), size: Style.panelSize, colour: Style.ink, bold: true)
        for (tick, label) in zip(yScale.ticks, labels) {
            let level = place((xScale.low, tick)).y
            drawing.line([Point(left, level), Point(right, level)], Style.grid, width: 1)
            drawing.text(
                label, at: Point(left - 10, level + Style.labelSize * 0.35), size: Style.labelSize,
                anchor: .end, colour: Style.faint)
        }
        drawing.line([Point(left, bottom), Point(right, bottom)], Style.axis, width: 1.4)
        for tick in xScale.ticks {
            let column = place((tick, yScale.low)).x
            drawing.line([Point(column, bottom), Point(column, bottom + 5)], Style.axis, width: 1.4)
            drawing.text(
                xScale.label(tick), at: Point(column, bottom + 22), size: Style.labelSize, anchor: .middle,
                colour: Style.faint)
        }
        drawing.text(
            xTitle, at: Point((left + right) / 2, bottom + 44), size: Style.labelSize, anchor: .middle,
            colour: Style.faint)
        for curve in curves { draw(curve, in: &drawing, place) }
        drawHighlights(
            in: &drawing, place, left: x + StrokeFont.width(title, size: Style.panelSize) + 60, right: right,
            y: y + 12)
    }

    private func draw(
        _ curve: Curve, in drawing: inout Drawing, _ place: ((x: Double, y: Double)) -> Point
    ) {
        // A value that cannot be shown (an infinite PSNR, a loss that overflowed) interrupts the curve.
        for run in curve.points.split(whereSeparator: {
            !AxisScale.isShown($0.y) || (yScale.isLogarithmic && $0.y < yScale.low)
        }) {
            drawing.line(run.map(place), curve.colour, width: 2.6)
            if run.count == 1 || curve.points.count <= 30 {
                for point in run {
                    drawing.dot(place(point), radius: 3.4, fill: curve.colour, ring: Style.background)
                }
            }
        }
    }

    /// Marks the curves' best points. Their values are above the diagram, in the colours of the curves, because
    /// beside the marks they would cover other curves.
    private func drawHighlights(
        in drawing: inout Drawing, _ place: ((x: Double, y: Double)) -> Point, left: Double,
        right: Double, y: Double
    ) {
        var end = right
        for curve in curves.reversed() {
            guard let highlight = curve.highlight else { continue }
            drawing.dot(
                place((highlight.x, highlight.y)), radius: 6, fill: curve.colour, ring: Style.background)
            let width = StrokeFont.width(highlight.label, size: Style.labelSize)
            // With many runs, the comparison's table has all figures.
            guard end - width > left else { continue }
            drawing.text(
                highlight.label, at: Point(end, y), size: Style.labelSize, anchor: .end,
                colour: curve.colour, bold: true)
            end -= width + 12
        }
        if end < right {
            drawing.text("best", at: Point(end, y), size: Style.labelSize, anchor: .end, colour: Style.faint)
        }
    }
}

/// Colours and sizes of everything that is drawn.
enum Style {
    static let background: Colour = 0xFFFFFF
    static let ink: Colour = 0x1A202C
    static let faint: Colour = 0x5A6577
    static let axis: Colour = 0x8A94A6
    static let grid: Colour = 0xE4E8EE
    /// Colours that people with colour blindness can distinguish (after Okabe and Ito), darkened for lines on white.
    static let curves: [Colour] = [
        0x0B6FB8, 0xD55E00, 0x009E73, 0xB8569B, 0x6B4FBB, 0xC39A00, 0x3A9BDC, 0x4A5568,
    ]
    static let titleSize = 25.0
    static let panelSize = 18.0
    static let labelSize = 15.0
}
