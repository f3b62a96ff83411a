import RandomNumbers

/// Flakes at one distance. They vary a little in size, outline, angle and opacity.
struct FlakeLayer {
    private let density: Double
    /// The radius at which a flake has faded to nothing, in pixels.
    private let reach: Double
    /// The distance that flakes move while the shutter is open, in pixels.
    private let blur: Double
    private let slope: Double
    /// The share of a flake that does not fade. It is large for discs out of focus.
    private let core: Double
    private let isIrregular: Bool
    private let opacity: Double
    private let faintest: Double
    /// Whether only the more opaque of overlapping flakes counts; otherwise both do.
    private let takesLargest: Bool

    /// - Parameters:
    ///   - radius: the radius before scaling, in pixels.
    ///   - density: flakes per pixel, before scaling.
    init(
        radius: Double, density: Double, wind: Double, moves: Bool, scale: Double,
        _ numbers: inout RandomSequence
    ) {
        self.density = density / (scale * scale)
        let isDisc = radius > 3 && numbers.isTrue(withProbability: 0.4)
        core = isDisc ? numbers.uniform(0.45, 0.85) : 0
        let wanted = radius * scale * (isDisc ? 1.25 : 1.9)
        reach = max(wanted, 1)
        blur = moves ? radius * scale * numbers.uniform(0, 5) : 0
        slope = wind + 0.2 * numbers.bell()
        isIrregular = radius * scale > 1.5
        faintest = numbers.uniform(0.1, 0.6)
        // A moving flake covers a longer path, and one smaller than a pixel covers the whole pixel.
        opacity =
            numbers.uniform(0.35, 1.15) * (wanted / reach) / (1 + blur / (5 * radius * scale + 1))
        takesLargest = numbers.isTrue(withProbability: 0.5)
    }

    /// Draws the flakes into a (height, width) mask of opacities in 0…1.
    func draw(into mask: inout [Double], width: Int, height: Int, _ numbers: inout RandomSequence) {
        let field = DropField(width: width, height: height, margin: reach * 1.6 + blur / 2)
        let count = field.count(density: density, &numbers)
        mask.withUnsafeMutableBufferPointer { mask in
            for _ in 0..<count {
                let segment = SoftSegment(
                    at: field.place(slope: slope + 0.12 * numbers.bell(), &numbers), halfLength: blur / 2,
                    radius: max(reach * numbers.uniform(0.8, 1.25), 1), isTapered: false,
                    core: (core, 0))
                let opacity = min(opacity * numbers.uniform(faintest, 1), 1)
                let place = { (index: Int, coverage: Double) in
                    let here = opacity * coverage
                    mask[index] =
                        takesLargest ? max(mask[index], here) : 1 - (1 - mask[index]) * (1 - here)
                }
                if isIrregular {
                    Flake(segment: segment, &numbers).forEachPixel(width: width, height: height, place)
                } else {
                    segment.forEachPixel(width: width, height: height, place)
                }
            }
        }
    }
}
