/// At which scales an image is restored: `auto`, or the factors by which it is made smaller, as `1,2,4`.
package enum ScaleMode: Sendable, Equatable, LosslessStringConvertible {
    /// At full size, and before it at smaller ones where drops are large; see `ScaleDecision`.
    case auto
    /// At these: powers of two up to `largestFactor`, rising, the first of them 1.
    case factors([Int])

    /// What is as wide as a streak of rain at full size is eight times as wide there.
    package static let largestFactor = 8
    /// An image whose smaller side has fewer pixels is not restored: there is too little to look at.
    package static let minimumSide = 64
    /// The same for `auto`, which must not take the texture of a tiny image for rain.
    package static let automaticSide = 128

    /// What texts are taken, for messages about others.
    package static let expectation =
        "auto, or 1 followed by any of 2, 4 and 8 in rising order, with commas: 1 or 1,2,4"

    package init?(_ description: String) {
        if description == "auto" {
            self = .auto
            return
        }
        let parts = description.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let factors = parts.compactMap(\.self)
        guard factors.count == parts.count, factors.map(String.init).joined(separator: ",") == description,
            Self.isValid(factors)
        else { return nil }
        self = .factors(factors)
    }

    package var description: String {
        switch self {
        case .auto: "auto"
        case .factors(let factors): factors.map(String.init).joined(separator: ",")
        }
    }

    /// The scales of an image of this size. Traps where `factors` are none that a text can say.
    package func pyramid(height: Int, width: Int) -> ScalePyramid {
        switch self {
        case .auto:
            return ScalePyramid(factors: [1, 2, 4, 8], isAutomatic: true, height: height, width: width)
        case .factors(let factors):
            precondition(Self.isValid(factors), "ScaleMode: factors \(factors)")
            return ScalePyramid(factors: factors, isAutomatic: false, height: height, width: width)
        }
    }

    private static func isValid(_ factors: [Int]) -> Bool {
        factors.first == 1 && zip(factors, factors.dropFirst()).allSatisfy { $0 < $1 }
            && factors.allSatisfy { $0 <= largestFactor && $0.nonzeroBitCount == 1 }
    }
}
