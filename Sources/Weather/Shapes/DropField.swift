import RandomNumbers

/// A picture with a margin, over which the drops of a layer are spread evenly. Drops in the margin may reach
/// into the picture.
struct DropField {
    /// The place of a drop, and a unit vector along its path.
    struct Place {
        let x: Double
        let y: Double
        let directionX: Double
        let directionY: Double
    }

    private let marginX: Double
    private let marginY: Double
    private let width: Double
    private let height: Double

    /// - Parameters:
    ///   - width, height: the picture's size in pixels.
    ///   - marginX, marginY: the farthest that a drop reaches from its centre.
    init(width: Int, height: Int, marginX: Double, marginY: Double) {
        self.marginX = marginX
        self.marginY = marginY
        self.width = Double(width) + 2 * marginX
        self.height = Double(height) + 2 * marginY
    }

    init(width: Int, height: Int, margin: Double) {
        self.init(width: width, height: height, marginX: margin, marginY: margin)
    }

    /// Returns the expected number of drops for a density per pixel.
    func expectedCount(density: Double) -> Double { density * width * height }

    /// Returns the expected number of drops, rounded up or down at random.
    func count(density: Double, _ numbers: inout RandomSequence) -> Int {
        Int(expectedCount(density: density) + numbers.unit())
    }

    /// Returns a place for a drop that moves `slope` pixels sideways for each pixel down.
    func place(slope: Double, _ numbers: inout RandomSequence) -> Place {
        let length = (1 + slope * slope).squareRoot()
        return Place(
            x: numbers.unit() * width - marginX, y: numbers.unit() * height - marginY,
            directionX: slope / length, directionY: 1 / length)
    }
}
