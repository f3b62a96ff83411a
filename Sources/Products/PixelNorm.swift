// The other builds use this file through symbolic links.

/// Layer normalisation of pixels, in float32.
struct PixelNorm {
    let panelCount: Int
    /// Ones for the channels of the last panel, zeros beyond.
    let lastOnes: Lanes
    let scale: Float
    private let epsilon: Float

    init(channels: Int, epsilon: Float) {
        panelCount = (channels + 15) / 16
        scale = 1 / Float(channels)
        var ones = Lanes.zero
        for lane in 0..<channels - 16 * (panelCount - 1) { ones[lane] = 1 }
        lastOnes = ones
        self.epsilon = epsilon
    }

    /// The means, and one by the standard deviations.
    struct Statistics {
        let means: Lanes
        let inverses: Lanes
    }

    /// The statistics of the pixels of a group.
    ///
    /// - Parameters:
    ///   - rows: memory.
    ///   - features: the panels of the pixels, which are zero beyond the channels.
    ///   - onDifferences: called with the differences from the mean, those of the last panel first; zero beyond the channels.
    @inline(__always)
    func statistics(
        _ count: Int, _ rows: inout PixelGroup.Rows, _ features: (_ pixel: Int, _ panel: Int) -> Lanes,
        onDifferences: (_ pixel: Int, _ values: Lanes) -> Void = { _, _ in }
    ) -> Statistics {
        for pixel in 0..<count {
            var sumA = Lanes.zero
            var sumB = Lanes.zero
            var panel = 0
            while panel + 1 < panelCount {
                sumA += features(pixel, panel)
                sumB += features(pixel, panel + 1)
                panel += 2
            }
            if panel < panelCount { sumA += features(pixel, panel) }
            rows[pixel] = sumA + sumB
        }
        let means = PixelGroup.sums(rows, count) * scale
        let values = PixelValues(means)
        for pixel in 0..<count {
            let mean = values[pixel]
            let last = (features(pixel, panelCount - 1) - mean) * lastOnes
            onDifferences(pixel, last)
            var squaresA = last * last
            var squaresB = Lanes.zero
            var panel = 0
            while panel + 2 < panelCount {
                let a = features(pixel, panel) - mean
                let b = features(pixel, panel + 1) - mean
                onDifferences(pixel, a)
                onDifferences(pixel, b)
                squaresA.addProduct(a, a)
                squaresB.addProduct(b, b)
                panel += 2
            }
            if panel + 1 < panelCount {
                let a = features(pixel, panel) - mean
                onDifferences(pixel, a)
                squaresB.addProduct(a, a)
            }
            rows[pixel] = squaresA + squaresB
        }
        let variances = PixelGroup.sums(rows, count) * scale
        return Statistics(means: means, inverses: 1 / PixelGroup.squareRoots(variances + epsilon))
    }

    /// Calls `write` with the normalised panels of `count` pixels.
    ///
    /// - Parameter features: as of `statistics`.
    @inline(__always)
    func normalize(
        _ count: Int, subtractsMean: Bool, features: (_ pixel: Int, _ panel: Int) -> Lanes,
        write: (_ value: Lanes, _ pixel: Int, _ panel: Int) -> Void
    ) {
        var rows = PixelGroup.emptyRows
        PixelGroup.forEach(of: count) { first, count in
            let statistics = statistics(count, &rows) { features(first + $0, $1) }
            let shifts = PixelValues(subtractsMean ? statistics.means : .zero)
            let factors = PixelValues(statistics.inverses)
            for pixel in 0..<count {
                for panel in 0..<panelCount {
                    write(
                        (features(first + pixel, panel) - shifts[pixel]) * factors[pixel], first + pixel,
                        panel)
                }
            }
        }
    }
}
