import RandomNumbers

/// Fine rain drawn as smeared noise: so many faint streaks that only their sum is visible, where it exceeds a
/// threshold.
struct Drizzle {
    private let density: Double
    private let halfLength: Double
    private let radius: Double
    private let slope: Double
    /// The threshold, in deviations of the sum from its mean.
    private let threshold: Double
    /// The deviations from the threshold to full opacity.
    private let span: Double
    private let opacity: Double

    init(wind: Double, scale: Double, _ numbers: inout RandomSequence) {
        halfLength = graded(numbers.unit(), 4, 30) * scale
        radius = max(graded(numbers.unit(), 0.7, 1.6) * scale, 1)
        // About the same number of streaks is side by side everywhere, for any length.
        density = numbers.uniform(0.5, 3) / (halfLength * radius)
        slope = min(max(wind, -1.26), 1.26)
        threshold = numbers.uniform(-0.5, 1.3)
        span = numbers.uniform(2, 5)
        opacity = numbers.uniform(0.3, 1)
    }

    /// Returns opacities in 0…1, as (height, width).
    func mask(width: Int, height: Int, _ numbers: inout RandomSequence) -> [Double] {
        var sums = [Double](repeating: 0, count: width * height)
        let field = DropField(width: width, height: height, margin: halfLength + radius)
        sums.withUnsafeMutableBufferPointer { sums in
            for _ in 0..<Int(field.expectedCount(density: density)) {
                let segment = SoftSegment(
                    at: field.place(slope: slope, &numbers), halfLength: halfLength, radius: radius,
                    isTapered: true)
                segment.forEachPixel(width: width, height: height) { sums[$0] += $1 }
            }
        }
        // The mean and the variance of shot noise are the density times the integral of the streak, and of
        // its square. The integral of (1 − t²)² from −1 to 1 is 16/15, that of its square 256/315.
        let extent = halfLength * radius
        let mean = density * extent * (256.0 / 225.0)
        let deviation = (density * extent * (256.0 / 315.0) * (256.0 / 315.0)).squareRoot()
        return sums.map { sum in
            min(max((sum - mean - threshold * deviation) / (deviation * span), 0), 1) * opacity
        }
    }
}
