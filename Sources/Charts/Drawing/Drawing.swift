/// A point in pixels from the upper left corner.
package struct Point: Sendable, Equatable {
    package var x: Double
    package var y: Double

    package init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// Red, green and blue, 8 bits each, as in `0x1F77B4`.
package struct Colour: Sendable, Equatable, ExpressibleByIntegerLiteral {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package init(integerLiteral value: UInt32) {
        red = UInt8(truncatingIfNeeded: value >> 16)
        green = UInt8(truncatingIfNeeded: value >> 8)
        blue = UInt8(truncatingIfNeeded: value)
    }
}

/// How a text is aligned to its point, which is on the baseline.
package enum TextAnchor: String, Sendable {
    case start, middle, end
}

/// The elements of a picture in drawing order. They render to SVG and to pixels.
package struct Drawing: Sendable {
    package enum Mark: Sendable {
        case rectangle(x: Double, y: Double, width: Double, height: Double, fill: Colour)
        case line([Point], colour: Colour, width: Double, opacity: Double)
        case dot(Point, radius: Double, fill: Colour, ring: Colour)
        /// `turned` text reads upwards.
        case text(
            String, at: Point, size: Double, anchor: TextAnchor, colour: Colour, bold: Bool, turned: Bool)
    }

    package let width: Int
    package let height: Int
    package private(set) var marks: [Mark] = []

    package init(width: Int, height: Int, background: Colour) {
        self.width = width
        self.height = height
        marks = [
            .rectangle(x: 0, y: 0, width: Double(width), height: Double(height), fill: background)
        ]
    }

    mutating func line(_ points: [Point], _ colour: Colour, width: Double, opacity: Double = 1) {
        marks.append(.line(points, colour: colour, width: width, opacity: opacity))
    }

    mutating func dot(_ centre: Point, radius: Double, fill: Colour, ring: Colour) {
        marks.append(.dot(centre, radius: radius, fill: fill, ring: ring))
    }

    mutating func text(
        _ text: String, at point: Point, size: Double, anchor: TextAnchor = .start, colour: Colour,
        bold: Bool = false, turned: Bool = false
    ) {
        marks.append(
            .text(text, at: point, size: size, anchor: anchor, colour: colour, bold: bold, turned: turned))
    }
}
