import Glibc

/// The constants of SSIM (Wang et al. 2004), as scikit-image defines them with `gaussian_weights`. The metric
/// and the training loss share them.
package enum StructuralSimilarity {
    /// The side of the window: a Gaussian of sigma 1.5 cut off at 3.5 sigma.
    package static let windowSide = 11

    /// The window's weights along one axis; their sum is 1.
    package static var windowWeights: [Double] {
        let radius = windowSide / 2
        let unscaled = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (1.5 * 1.5)) }
        let total = unscaled.reduce(0, +)
        return unscaled.map { $0 / total }
    }

    /// Returns c₁ and c₂, (K · range)² with K = (0.01, 0.03), which keep the quotients of small moments
    /// stable.
    package static func stabilities(dataRange range: Double) -> (first: Double, second: Double) {
        (0.01 * range * 0.01 * range, 0.03 * range * 0.03 * range)
    }
}
