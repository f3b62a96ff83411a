import Files
import Images

/// Pictures side by side in rows, with captions: degraded, restored and clean, or the results of several runs.
package struct SampleSheet: Sendable {
    package struct Cell: Sendable {
        package let picture: RGBPixels
        /// The caption below the picture, such as "24.31 dB"; it may be empty.
        package let caption: String

        package init(_ picture: RGBPixels, caption: String = "") {
            self.picture = picture
            self.caption = caption
        }
    }

    package struct Row: Sendable {
        package let title: String
        package let cells: [Cell]

        /// - Parameter cells: one for each of the sheet's columns.
        package init(title: String, cells: [Cell]) {
            self.title = title
            self.cells = cells
        }

        /// Degraded, restored and clean, with the PSNR before and after in decibels.
        package init(
            name: String, degraded: RGBPixels, restored: RGBPixels, clean: RGBPixels,
            psnr: (before: Double, after: Double)
        ) {
            func decibels(_ value: Double) -> String { AxisScale.text(value, decimals: 2) }
            title = "\(name)   \(decibels(psnr.before)) → \(decibels(psnr.after)) dB"
            cells = [degraded, restored, clean].map { Cell($0) }
        }
    }

    /// The columns of the sheet that training writes.
    package static let restorationColumns = ["degraded", "restored", "clean"]

    /// Pictures are made smaller to fit into squares of this side, in pixels, and small ones are magnified.
    private static let cellSide = 320
    private static let gap = 12

    private let title: String
    private let columns: [String]
    private let rows: [Row]

    package init(title: String, columns: [String] = restorationColumns, rows: [Row]) {
        precondition(
            !columns.isEmpty && rows.allSatisfy { $0.cells.count == columns.count },
            "SampleSheet: rows must have \(columns.count) cells")
        self.title = title
        self.columns = columns
        self.rows = rows
    }

    /// Writes the sheet as a PNG file, atomically.
    package func write(to path: Path) throws {
        try AtomicFile.write(try PictureCodec.encode(pixels.picture, format: .png), to: path)
    }

    package var pixels: RGBPixels {
        let fitted = rows.map { row in row.cells.map { $0.picture.fitted(into: Self.cellSide) } }
        let cellWidth = max(fitted.joined().map(\.width).max() ?? 0, 120)
        let width = columns.count * (cellWidth + Self.gap) + Self.gap + 12
        let heights = zip(rows, fitted).map { row, pictures in
            (pictures.map(\.height).max() ?? 0) + (row.cells.contains { !$0.caption.isEmpty } ? 22 : 0)
        }
        let titleHeight = title.isEmpty ? 12 : 52
        let height = titleHeight + 32 + heights.reduce(0) { $0 + $1 + 44 } + 8
        var text = Drawing(width: width, height: height, background: Style.background)
        let left = 12 + Self.gap / 2
        if !title.isEmpty {
            text.text(
                StrokeFont.fitted(title, size: 21, width: Double(width - 2 * left)),
                at: Point(Double(left), 37), size: 21, colour: Style.ink, bold: true)
        }
        for (column, name) in columns.enumerated() {
            text.text(
                name, at: Point(Double(left + column * (cellWidth + Self.gap)), Double(titleHeight + 20)),
                size: 16, colour: Style.faint, bold: true)
        }
        var canvas = Canvas(width: width, height: height)
        var pictures: [(RGBPixels, x: Int, y: Int)] = []
        var y = titleHeight + 32
        for (index, row) in rows.enumerated() {
            for (column, picture) in fitted[index].enumerated() {
                let x = left + column * (cellWidth + Self.gap)
                pictures.append((picture, x, y))
                text.text(
                    row.cells[column].caption, at: Point(Double(x), Double(y + picture.height + 18)),
                    size: 14, colour: Style.ink)
            }
            y += heights[index]
            text.text(
                StrokeFont.fitted(row.title, size: 15, width: Double(width - 2 * left)),
                at: Point(Double(left), Double(y + 20)), size: 15, colour: Style.ink)
            y += 44
        }
        text.draw(on: &canvas)
        for (picture, x, y) in pictures { canvas.place(picture, x: x, y: y) }
        return canvas.pixels
    }
}

extension RGBPixels {
    /// Scales a picture to fit into a square of this side: means over pixels to shrink it, whole multiples if it is
    /// at most half as large.
    func fitted(into side: Int) -> RGBPixels {
        let longest = max(width, height)
        if longest > side {
            return resampled(
                width: max(1, width * side / longest), height: max(1, height * side / longest))
        }
        let factor = side / longest
        return factor > 1 ? resampled(width: width * factor, height: height * factor) : self
    }
}
