import RandomNumbers

/// A segment with round ends and the uneven outline of a large snowflake.
struct Flake {
    private let segment: SoftSegment
    /// The coefficients of cosine and sine in the outline's second, third and fifth harmonic.
    private let second: (Double, Double)
    private let third: (Double, Double)
    private let fifth: (Double, Double)

    init(segment: SoftSegment, _ numbers: inout RandomSequence) {
        self.segment = segment
        second = (0.07 * numbers.bell(), 0.07 * numbers.bell())
        third = (0.07 * numbers.bell(), 0.07 * numbers.bell())
        fifth = (0.07 * numbers.bell(), 0.07 * numbers.bell())
    }

    /// Calls `body` with the index and the coverage in (0, 1] of every pixel it touches, in a raster of this size.
    @inline(__always)
    func forEachPixel(width: Int, height: Int, _ body: (_ index: Int, _ coverage: Double) -> Void) {
        let reach = segment.radius * 1.5
        let reachX = abs(segment.directionX) * segment.halfLength + reach
        let reachY = abs(segment.directionY) * segment.halfLength + reach
        let rows = Self.pixels(around: segment.centreY, reach: reachY, count: height)
        let columns = Self.pixels(around: segment.centreX, reach: reachX, count: width)
        let fading = Fading(reach: segment.radius, core: segment.core.across)
        for y in rows {
            for x in columns {
                let dx = Double(x) - segment.centreX
                let dy = Double(y) - segment.centreY
                let along = dx * segment.directionX + dy * segment.directionY
                let across = dx * segment.directionY - dy * segment.directionX
                let beyond = max(abs(along) - segment.halfLength, 0)
                let squaredDistance = across * across + beyond * beyond
                let outline = outline(dx, dy)
                let coverage = fading.coverage(squaredDistance: squaredDistance / (outline * outline))
                if coverage > 0 { body(y * width + x, coverage) }
            }
        }
    }

    /// Returns the radius in a direction, as a share of the mean radius.
    @inline(__always)
    private func outline(_ dx: Double, _ dy: Double) -> Double {
        let distance = (dx * dx + dy * dy).squareRoot()
        guard distance > 0 else { return 1 }
        // These are the cosine and sine of multiples of the angle, computed without libm.
        let c1 = dx / distance
        let s1 = dy / distance
        let c2 = c1 * c1 - s1 * s1
        let s2 = 2 * c1 * s1
        let c3 = c2 * c1 - s2 * s1
        let s3 = s2 * c1 + c2 * s1
        let c5 = c3 * c2 - s3 * s2
        let s5 = s3 * c2 + c3 * s2
        let sum =
            second.0 * c2 + second.1 * s2 + third.0 * c3 + third.1 * s3 + fifth.0 * c5 + fifth.1 * s5
        return min(max(1 + sum, 0.5), 1.5)
    }

    private static func pixels(around centre: Double, reach: Double, count: Int) -> Range<Int> {
        let first = max(0, Int((centre - reach).rounded(.up)))
        return first..<max(first, min(count, Int((centre + reach).rounded(.down)) + 1))
    }
}
