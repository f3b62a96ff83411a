import RandomNumbers

/// Streaks at one distance. They vary a little in length, width, angle and brightness.
struct StreakLayer {
    /// The ranges of a streak's length and width, as shares of its layer's.
    private static let lengths = 0.7...1.3
    private static let widths = 0.8...1.25

    /// The number of streaks per pixel of the picture.
    private var density: Double
    private var halfLength: Double
    /// Distance from a streak's axis at which it has faded to nothing, in pixels.
    private var radius: Double
    private var slope: Double
    private var core: (across: Double, along: Double)
    /// The brightness of the brightest streaks; the faintest have the share `faintest` of it.
    private var brightness: Double
    private var faintest: Double

    /// - Parameters:
    ///   - wind: the slope of all layers, as pixels sideways per pixel down.
    ///   - isDense: whether there are more streaks.
    init(wind: Double, isDense: Bool, scale: Double, _ numbers: inout RandomSequence) {
        let isNear = numbers.isTrue(withProbability: 0.3)
        let width: Double
        if isNear {
            halfLength = graded(numbers.unit(), 12, 55)
            width = graded(numbers.unit(), 1.0, 3.2)
            density = graded(numbers.unit(), 2e-5, isDense ? 1.5e-3 : 4e-4)
        } else {
            halfLength = graded(numbers.unit(), 3.5, 30)
            width = graded(numbers.unit(), 0.28, 1.1)
            density = graded(numbers.unit(), 2e-4, isDense ? 1.5e-2 : 3e-3)
        }
        let isBand = isNear && numbers.isTrue(withProbability: 0.5)
        brightness = numbers.uniform(0.25, isNear ? 0.8 : 1)
        faintest = numbers.uniform(0.15, 0.7)
        slope = min(max(wind + 0.06 * numbers.bell(), -1.26), 1.26)
        // A band out of focus has steep sides; the profile of another streak resembles a normal distribution.
        core = (
            isBand ? numbers.uniform(0.3, 0.7) : 0,
            numbers.isTrue(withProbability: 0.6) ? numbers.uniform(0, 0.8) : 0
        )
        density /= scale * scale
        halfLength *= scale
        let wanted = width * scale * (isBand ? 1.5 : 2.5)
        radius = max(wanted, 1)
        // A streak narrower than a pixel is drawn fainter instead.
        brightness *= (wanted / radius).squareRoot()
    }

    /// The mean light that the layer adds to a pixel.
    var mean: Double { density * area * brightness * (1 + faintest) / 2 }

    /// The sum of a mean streak's coverage.
    private var area: Double {
        // The integral of (1 − t²)² from −1 to 1 is 16/15; a core counts in full.
        func extent(_ reach: Double, core: Double) -> Double { reach * (2 * core + (1 - core) * 16 / 15) }
        return extent(radius * (Self.widths.lowerBound + Self.widths.upperBound) / 2, core: core.across)
            * extent(halfLength * (Self.lengths.lowerBound + Self.lengths.upperBound) / 2, core: core.along)
    }

    /// Adds the streaks' opacities to a (height, width) mask.
    func draw(into mask: inout [Double], width: Int, height: Int, _ numbers: inout RandomSequence) {
        let field = DropField(
            width: width, height: height,
            margin: halfLength * Self.lengths.upperBound + radius * Self.widths.upperBound)
        let count = field.count(density: density, &numbers)
        mask.withUnsafeMutableBufferPointer { mask in
            for _ in 0..<count {
                let segment = SoftSegment(
                    at: field.place(slope: slope + 0.03 * numbers.bell(), &numbers),
                    halfLength: halfLength
                        * numbers.uniform(Self.lengths.lowerBound, Self.lengths.upperBound),
                    radius: max(radius * numbers.uniform(Self.widths.lowerBound, Self.widths.upperBound), 1),
                    isTapered: true, core: core)
                let opacity = brightness * numbers.uniform(faintest, 1)
                segment.forEachPixel(width: width, height: height) { mask[$0] += opacity * $1 }
            }
        }
    }
}
