import RandomNumbers

/// A picture and a margin around it, over which the drops of a layer are spread evenly: those beyond the border may
/// reach into the picture.
struct DropField {
    /// Where a drop lies, and a unit vector along its way.
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
    ///   - width, height: of the picture, in pixels.
    ///   - marginX, marginY: how far a drop reaches from its centre at the most.
    init(width: Int, height: Int, marginX: Double, marginY: Double) {
        self.marginX = marginX
        self.marginY = marginY
        self.width = Double(width) + 2 * marginX
        self.height = Double(height) + 2 * marginY
    }

    init(width: Int, height: Int, margin: Double) {
        self.init(width: width, height: height, marginX: margin, marginY: margin)
    }

    /// The drops that are expected for so many to a pixel.
    func expectedCount(density: Double) -> Double { density * width * height }

    /// The expected number of drops, rounded up or down at random.
    func count(density: Double, _ numbers: inout RandomSequence) -> Int {
        Int(expectedCount(density: density) + numbers.unit())
    }

    /// A place for a drop that moves `slope` pixels sideways for each pixel down.
    func place(slope: Double, _ numbers: inout RandomSequence) -> Place {
        let length = (1 + slope * slope).squareRoot()
        return Place(
            x: numbers.unit() * width - marginX, y: numbers.unit() * height - marginY,
            directionX: slope / length, directionY: 1 / length)
    }
}
