// The other builds use this file through symbolic links.

/// The statistics of layer normalisation of a pixel, in float32.
struct PixelNorm {
    let panelCount: Int
    /// Ones for the channels of the last panel, zeros beyond.
    let lastOnes: Lanes
    private let scale: Float
    private let epsilon: Float

    init(channels: Int, epsilon: Float) {
        panelCount = (channels + 15) / 16
        scale = 1 / Float(channels)
        var ones = Lanes.zero
        for lane in 0..<channels - 16 * (panelCount - 1) { ones[lane] = 1 }
        lastOnes = ones
        self.epsilon = epsilon
    }

    /// The mean, and one by the standard deviation.
    ///
    /// - Parameter features: the panels of the pixel, which are zero beyond the channels.
    @inline(__always)
    func statistics(_ features: (_ panel: Int) -> Lanes) -> (mean: Float, inverse: Float) {
        var sumA = Lanes.zero
        var sumB = Lanes.zero
        var panel = 0
        while panel + 1 < panelCount {
            sumA += features(panel)
            sumB += features(panel + 1)
            panel += 2
        }
        if panel < panelCount { sumA += features(panel) }
        let mean = (sumA + sumB).treeSum * scale
        let means = Lanes(repeating: mean)
        let last = (features(panelCount - 1) - means) * lastOnes
        var squaresA = last * last
        var squaresB = Lanes.zero
        panel = 0
        while panel + 2 < panelCount {
            let a = features(panel) - means
            let b = features(panel + 1) - means
            squaresA.addProduct(a, a)
            squaresB.addProduct(b, b)
            panel += 2
        }
        if panel + 1 < panelCount {
            let a = features(panel) - means
            squaresB.addProduct(a, a)
        }
        return (mean, 1 / ((squaresA + squaresB).treeSum * scale + epsilon).squareRoot())
    }
}
