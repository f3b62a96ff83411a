/// A line segment that fades outwards: a streak of rain, or a flake that moved during the exposure. Pixels are at
/// whole coordinates.
struct SoftSegment {
    var centreX: Double
    var centreY: Double
    /// Unit vector along the segment.
    var directionX: Double
    var directionY: Double
    /// Distance from the centre to either end, in pixels.
    var halfLength: Double
    /// Distance from the segment at which the fading ends, in pixels.
    var radius: Double
    /// Whether the segment also fades towards its ends and covers nothing beyond them. Otherwise its ends are round.
    var isTapered: Bool
    /// How far the middle extends before the fading begins, as a share of the radius and of the half length,
    /// in [0, 1).
    var core: (across: Double, along: Double)

    init(
        at place: DropField.Place, halfLength: Double, radius: Double, isTapered: Bool,
        core: (across: Double, along: Double) = (0, 0)
    ) {
        centreX = place.x
        centreY = place.y
        directionX = place.directionX
        directionY = place.directionY
        self.halfLength = halfLength
        self.radius = radius
        self.isTapered = isTapered
        self.core = core
    }

    /// Calls `body` with the index and the coverage in (0, 1] of every pixel it touches, in a raster of this size.
    @inline(__always)
    func forEachPixel(width: Int, height: Int, _ body: (_ index: Int, _ coverage: Double) -> Void) {
        let reachX = abs(directionX) * halfLength + radius
        let reachY = abs(directionY) * halfLength + radius
        let top = max(0, Int((centreY - reachY).rounded(.up)))
        let bottom = min(height - 1, Int((centreY + reachY).rounded(.down)))
        guard top <= bottom else { return }
        let across = Fading(reach: radius, core: core.across)
        let along = Fading(reach: halfLength, core: core.along)
        for y in top...bottom {
            let dy = Double(y) - centreY
            let (from, to) = columns(dy, reachX: reachX)
            let left = max(0, Int(from.rounded(.up)))
            let right = min(width - 1, Int(to.rounded(.down)))
            guard left <= right else { continue }
            for x in left...right {
                let dx = Double(x) - centreX
                let place = dx * directionX + dy * directionY
                let side = dx * directionY - dy * directionX
                var coverage: Double
                if isTapered {
                    coverage = across.coverage(squaredDistance: side * side)
                    if coverage > 0 { coverage *= along.coverage(squaredDistance: place * place) }
                } else {
                    let beyond = max(abs(place) - halfLength, 0)
                    coverage = across.coverage(squaredDistance: side * side + beyond * beyond)
                }
                if coverage > 0 { body(y * width + x, coverage) }
            }
        }
    }

    /// Returns the columns that the segment can cover in a row. For a steep segment these are few.
    private func columns(_ dy: Double, reachX: Double) -> (Double, Double) {
        guard abs(directionY) > 0.5 else { return (centreX - reachX, centreX + reachX) }
        let middle = centreX + dy * directionX / directionY
        let half = radius / abs(directionY) + (isTapered ? 0 : radius)
        return (max(middle - half, centreX - reachX), min(middle + half, centreX + reachX))
    }
}
