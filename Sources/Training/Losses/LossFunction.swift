/// The loss that training minimises, a mean over all elements of a batch.
package enum LossFunction: Sendable, Equatable, Codable, CustomStringConvertible {
    /// The squared error: mean((output − clean)²).
    case mse
    /// The absolute error: mean(|output − clean|).
    case l1
    /// The combination alpha · L1 + (1 − alpha) · (1 − SSIM), see `SimilarityLoss`. It needs pictures of at
    /// least 11×11.
    case l1SSIM(alpha: Double)

    /// The share of L1 in the recipe's combined loss.
    package static let defaultAlpha = 0.84

    /// The three losses of the recipe, in the order of its table.
    package static func compared(alpha: Double = defaultAlpha) -> [LossFunction] {
        [.mse, .l1, .l1SSIM(alpha: alpha)]
    }

    /// The name for `--loss`.
    package var name: String {
        switch self {
        case .mse: "mse"
        case .l1: "l1"
        case .l1SSIM: "l1-ssim"
        }
    }

    /// Returns the loss with a name, or nil for an unknown name. Only l1-ssim uses `alpha`.
    package init?(name: String, alpha: Double) {
        switch name {
        case "mse": self = .mse
        case "l1": self = .l1
        case "l1-ssim": self = .l1SSIM(alpha: alpha)
        default: return nil
        }
    }

    package var description: String {
        if case .l1SSIM(let alpha) = self { "l1-ssim with alpha \(alpha)" } else { name }
    }
}
