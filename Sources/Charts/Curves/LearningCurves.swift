import Files
import Images

/// The results of a run in every epoch.
package struct RunHistory: Sendable, Equatable {
    package struct Epoch: Sendable, Equatable {
        /// The first finished epoch is 1. Fractions are allowed.
        package let epoch: Double
        package let trainingLoss: Double?
        /// Validation PSNR in decibels.
        package let validationPSNR: Double?
        package let validationSSIM: Double?

        package init(
            epoch: Double, trainingLoss: Double?, validationPSNR: Double? = nil,
            validationSSIM: Double? = nil
        ) {
            self.epoch = epoch
            self.trainingLoss = trainingLoss
            self.validationPSNR = validationPSNR
            self.validationSSIM = validationSSIM
        }
    }

    package let name: String
    package let epochs: [Epoch]

    package init(name: String, epochs: [Epoch]) {
        self.name = name
        self.epochs = epochs
    }
}

/// A chart of training loss, validation PSNR and SSIM over the epochs, for one run or several.
package struct LearningCurves: Sendable {
    private let title: String
    private let runs: [RunHistory]
    private let width: Int
    private let height: Int
    private let showsTrainingLoss: Bool

    /// - Parameters:
    ///   - runs: in the order of their colours.
    ///   - showsTrainingLoss: false for runs with different losses, which cannot be compared on one axis.
    ///   - width: of the chart in pixels, at least 800.
    ///   - height: at least 600.
    package init(
        title: String, runs: [RunHistory], showsTrainingLoss: Bool = true, width: Int = 1200,
        height: Int = 800
    ) {
        precondition(width >= 800 && height >= 600, "LearningCurves: a chart of \(width)×\(height)")
        self.title = title
        self.runs = runs
        self.showsTrainingLoss = showsTrainingLoss
        self.width = width
        self.height = height
    }

    /// Writes `NAME.svg` and `NAME.png` into a folder, each atomically.
    ///
    /// - Throws: `FileError`, `PictureError`.
    package func write(to folder: Path, name: String = "curves") throws {
        let drawing = drawing
        try AtomicFile.write(Array(drawing.svg.utf8), to: folder.appending(Path(name + ".svg")))
        try AtomicFile.write(try drawing.png(), to: folder.appending(Path(name + ".png")))
    }

    package var drawing: Drawing {
        let legend = runs.count > 1 ? legend : []
        // A legend of several rows makes the chart higher instead of the diagrams smaller.
        let legendHeight = legend.last.map { $0.y + 26 } ?? 0
        let height = self.height + max(0, Int(legendHeight) - 26)
        var drawing = Drawing(width: width, height: height, background: Style.background)
        drawing.text(
            StrokeFont.fitted(title, size: Style.titleSize, width: Double(width) - 72), at: Point(36, 50),
            size: Style.titleSize, colour: Style.ink, bold: true)
        for (index, entry) in legend.enumerated() {
            let y = 84 + entry.y
            drawing.line([Point(entry.x, y - 5), Point(entry.x + 30, y - 5)], colour(index), width: 4)
            drawing.text(
                entry.name, at: Point(entry.x + 42, y), size: Style.labelSize + 1, colour: Style.ink)
        }
        let top = 84 + (legend.isEmpty ? 0 : legendHeight + 8)
        let epochs = runs.flatMap { $0.epochs.map(\.epoch) }
        let wide =
            showsTrainingLoss
            ? panel("Training loss", epochs, \.trainingLoss, isLoss: true, tickCount: 10) : nil
        let narrow = [
            panel("Validation PSNR (dB)", epochs, \.validationPSNR, decimals: 2),
            panel("Validation SSIM", epochs, \.validationSSIM, decimals: 4),
        ].compactMap(\.self)
        let innerWidth = Double(width) - 72
        let innerHeight = Double(height) - top - 16
        let rows: [[Panel]] = [wide.map { [$0] } ?? [], narrow].filter { !$0.isEmpty }
        guard !rows.isEmpty else {
            drawing.text(
                "nothing measured yet", at: Point(Double(width) / 2, Double(height) / 2),
                size: Style.panelSize, anchor: .middle, colour: Style.faint)
            return drawing
        }
        let rowHeight = (innerHeight - 22 * Double(rows.count - 1)) / Double(rows.count)
        for (row, panels) in rows.enumerated() {
            let panelWidth = (innerWidth - 36 * Double(panels.count - 1)) / Double(panels.count)
            for (column, panel) in panels.enumerated() {
                panel.draw(
                    in: &drawing, x: 36 + Double(column) * (panelWidth + 36),
                    y: top + Double(row) * (rowHeight + 22), width: panelWidth, height: rowHeight)
            }
        }
        return drawing
    }

    /// Returns one panel, or nil if no run has such values.
    private func panel(
        _ title: String, _ epochs: [Double], _ value: (RunHistory.Epoch) -> Double?, isLoss: Bool = false,
        decimals: Int = 4, tickCount: Int = 6
    ) -> Panel? {
        let curves = runs.enumerated().map { index, run in
            let points = run.epochs.compactMap { epoch in value(epoch).map { (x: epoch.epoch, y: $0) } }
            var curve = Panel.Curve(colour: colour(index), points: points)
            if !isLoss, let best = points.filter({ AxisScale.isShown($0.y) }).max(by: { $0.y < $1.y }) {
                curve.highlight = (best.x, best.y, AxisScale.text(best.y, decimals: decimals))
            }
            return curve
        }
        guard curves.contains(where: { $0.points.contains { AxisScale.isShown($0.y) } }) else { return nil }
        return Panel(
            title: title, xTitle: "epoch", curves: curves,
            xScale: AxisScale(epochs, tickCount: tickCount, isWhole: true), mayBeLogarithmic: isLoss)
    }

    private func colour(_ index: Int) -> Colour { Style.curves[index % Style.curves.count] }

    /// Returns the runs' names and their positions below the title, in as many rows as needed; y counts from the
    /// first row.
    private var legend: [(name: String, x: Double, y: Double)] {
        let size = Style.labelSize + 1
        var x = 36.0
        var y = 0.0
        return runs.map { run in
            let name = StrokeFont.fitted(run.name, size: size, width: min(420, Double(width) - 130))
            let entryWidth = 42 + StrokeFont.width(name, size: size) + 34
            if x > 36, x + entryWidth > Double(width) - 36 {
                x = 36
                y += 26
            }
            defer { x += entryWidth }
            return (name, x, y)
        }
    }
}
