/// Dynamic loss scaling (Micikevicius et al. 2018): the loss is multiplied so that small gradients stay above what
/// half precision can hold; a step whose gradients overflow is skipped.
package struct LossScaler: Sendable, Equatable, Codable {
    /// Powers of two: scaling never rounds.
    package static let initialScale = 65_536.0
    package static let growthInterval = 2_000
    /// A scale that falls below this does not meet overflows but numbers that are no numbers.
    package static let smallestScale = 0x1p-14
    /// Beyond it, unscaled gradients would overflow float32.
    package static let largestScale = 0x1p32

    package private(set) var scale = initialScale
    /// Good steps since the scale changed.
    package private(set) var goodStepCount = 0

    package init() {}

    /// Takes a step's outcome.
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

    /// No scale helps any more.
    package var isExhausted: Bool { scale < Self.smallestScale }
}
