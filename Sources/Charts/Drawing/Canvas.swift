import Images

/// A raster image to draw on, with smooth edges.
struct Canvas {
    private(set) var pixels: RGBPixels

    init(width: Int, height: Int) {
        pixels = RGBPixels(
            width: width, height: height, samples: [UInt8](repeating: 255, count: width * height * 3))
    }

    var width: Int { pixels.width }
    var height: Int { pixels.height }

    /// Fills the pixels whose centres lie in the rectangle.
    mutating func fill(x: Double, y: Double, width: Double, height: Double, _ colour: Colour) {
        func inside(_ edge: Double, _ limit: Int) -> Int { Int(min(max(edge.rounded(), 0), Double(limit))) }
        for row in inside(y, self.height)..<inside(y + max(height, 0), self.height) {
            for column in inside(x, self.width)..<inside(x + max(width, 0), self.width) {
                blend(colour, 1, column, row)
            }
        }
    }

    /// Draws lines with round ends and joints as one stroke, so that overlaps do not add up.
    mutating func stroke(_ lines: [[Point]], _ colour: Colour, width lineWidth: Double, opacity: Double = 1) {
        let points = lines.joined().filter(Self.isNear)
        guard let first = points.first else { return }
        let reach = lineWidth / 2 + 1
        let box = points.reduce((first.x, first.y, first.x, first.y)) {
            (min($0.0, $1.x), min($0.1, $1.y), max($0.2, $1.x), max($0.3, $1.y))
        }
        let left = Int(max(0, box.0 - reach))
        let top = Int(max(0, box.1 - reach))
        let right = Int(min(Double(width - 1), box.2 + reach))
        let bottom = Int(min(Double(height - 1), box.3 + reach))
        guard left <= right, top <= bottom else { return }
        let stride = right - left + 1
        var coverage = [Float](repeating: 0, count: stride * (bottom - top + 1))
        for line in lines {
            for (start, end) in zip(line, line.count > 1 ? line.dropFirst() : line[...]) {
                Self.cover(
                    &coverage, stride: stride, origin: (left, top), last: (right, bottom), start, end,
                    halfWidth: lineWidth / 2)
            }
        }
        for row in top...bottom {
            for column in left...right {
                let share = Double(coverage[(row - top) * stride + column - left])
                if share > 0 { blend(colour, share * opacity, column, row) }
            }
        }
    }

    /// Draws a disc in a ring of 2 pixels.
    mutating func disc(_ centre: Point, radius: Double, fill: Colour, ring: Colour) {
        stroke([[centre]], ring, width: 2 * radius + 2)
        stroke([[centre]], fill, width: 2 * radius - 2)
    }

    /// Copies a picture with its upper left corner at (x, y), clipped to the canvas.
    mutating func place(_ picture: RGBPixels, x: Int, y: Int) {
        for row in 0..<picture.height where (0..<height).contains(y + row) {
            for column in 0..<picture.width where (0..<width).contains(x + column) {
                let from = (row * picture.width + column) * 3
                let to = ((y + row) * width + x + column) * 3
                for channel in 0..<3 { pixels.samples[to + channel] = picture.samples[from + channel] }
            }
        }
    }

    /// Whether a point is finite and not far beyond the canvas.
    private static func isNear(_ point: Point) -> Bool {
        abs(point.x) < 1e7 && abs(point.y) < 1e7
    }

    /// Raises the coverage of the pixels along a segment, by the distance of their centres.
    private static func cover(
        _ coverage: inout [Float], stride: Int, origin: (x: Int, y: Int), last: (x: Int, y: Int),
        _ start: Point, _ end: Point, halfWidth: Double
    ) {
        guard isNear(start), isNear(end) else { return }
        let reach = halfWidth + 1
        let dx = end.x - start.x
        let dy = end.y - start.y
        let square = dx * dx + dy * dy
        let left = max(origin.x, Int(max(0, min(start.x, end.x) - reach)))
        let right = min(last.x, Int(max(0, max(start.x, end.x) + reach)))
        let top = max(origin.y, Int(max(0, min(start.y, end.y) - reach)))
        let bottom = min(last.y, Int(max(0, max(start.y, end.y) + reach)))
        guard left <= right, top <= bottom else { return }
        for row in top...bottom {
            for column in left...right {
                let x = Double(column) + 0.5 - start.x
                let y = Double(row) + 0.5 - start.y
                let share = square > 0 ? min(max((x * dx + y * dy) / square, 0), 1) : 0
                let awayX = x - share * dx
                let awayY = y - share * dy
                let distance = (awayX * awayX + awayY * awayY).squareRoot()
                let value = Float(min(max(halfWidth + 0.5 - distance, 0), 1))
                let place = (row - origin.y) * stride + column - origin.x
                if value > coverage[place] { coverage[place] = value }
            }
        }
    }

    private mutating func blend(_ colour: Colour, _ share: Double, _ x: Int, _ y: Int) {
        let place = (y * width + x) * 3
        for (channel, value) in [colour.red, colour.green, colour.blue].enumerated() {
            let old = Double(pixels.samples[place + channel])
            pixels.samples[place + channel] = UInt8(old + (Double(value) - old) * share + 0.5)
        }
    }
}
