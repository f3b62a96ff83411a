/// Dynamic loss scaling (Micikevicius et al. 2018): the loss is multiplied so that small gradients do not underflow
/// in half precision, and a step whose gradients overflow is skipped.
package struct LossScaler: Sendable, Equatable, Codable {
    /// Scales are powers of two, so scaling never rounds.
    package static let initialScale = 65_536.0
    package static let growthInterval = 2_000
    /// A scale that falls below this indicates NaN or infinity rather than overflow.
    package static let smallestScale = 0x1p-14
    /// Above this scale, gradients would overflow float32.
    package static let largestScale = 0x1p32

    package private(set) var scale = initialScale
    /// The number of good steps since the scale changed.
    package private(set) var goodStepCount = 0

    package init() {}

    /// Adjusts the scale to the outcome of a step.
    /// - Returns: whether the step may be made.
    package mutating func accepts(isFinite: Bool) -> Bool {
        guard isFinite else {
            scale /= 2
            goodStepCount = 0
            return false
        }
        goodStepCount += 1
        if goodStepCount == Self.growthInterval {
            scale = min(2 * scale, Self.largestScale)
            goodStepCount = 0
        }
        return true
    }

    /// Whether the scale is so small that scaling cannot help.
    package var isExhausted: Bool { scale < Self.smallestScale }
}
