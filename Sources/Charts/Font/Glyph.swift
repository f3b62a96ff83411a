import Glibc

/// A character drawn with a pen of constant width. Its strokes are in units of which capitals are 14 high, with y
/// upwards from the baseline.
struct Glyph: Sendable {
    let strokes: [[Point]]
    /// Distance to the beginning of the next glyph.
    let advance: Double

    /// Space between two glyphs.
    private static let gap = 3.6

    /// Reads a description: the width, then strokes that begin with `M x y` or an arc after `;`, and continue with `L
    /// x y` and `A centreX centreY radiusX radiusY fromDegrees toDegrees`, degrees counterclockwise from the right.
    init(_ description: String) {
        var tokens = description.split(separator: " ")[...]
        advance = Self.number(&tokens) + Self.gap
        var strokes: [[Point]] = []
        var isNew = true
        func append(_ points: [Point]) {
            if isNew { strokes.append([]) }
            isNew = false
            strokes[strokes.count - 1] += points
        }
        while let command = tokens.popFirst() {
            switch command {
            case "M":
                isNew = true
                append([Point(Self.number(&tokens), Self.number(&tokens))])
            case "L": append([Point(Self.number(&tokens), Self.number(&tokens))])
            case ";": isNew = true
            case "A":
                let figures = (0..<6).map { _ in Self.number(&tokens) }
                append(Self.arc(figures))
            default: preconditionFailure("Glyph: \(command) in \(description)")
            }
        }
        self.strokes = strokes
    }

    private static func number(_ tokens: inout ArraySlice<Substring>) -> Double {
        guard let token = tokens.popFirst(), let value = Double(token) else {
            preconditionFailure("Glyph: a number is missing before \(tokens)")
        }
        return value
    }

    private static func arc(_ figures: [Double]) -> [Point] {
        let count = max(2, Int(abs(figures[5] - figures[4]) / 15))
        return (0...count).map { step in
            let angle =
                (figures[4] + (figures[5] - figures[4]) * Double(step) / Double(count)) * Double.pi / 180
            return Point(figures[0] + figures[2] * cos(angle), figures[1] + figures[3] * sin(angle))
        }
    }
}
