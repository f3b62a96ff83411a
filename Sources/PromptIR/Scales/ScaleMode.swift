/// The scales at which an image is restored: `auto`, or the factors by which it is made smaller, such as `1,2,4`.
package enum ScaleMode: Sendable, Equatable, LosslessStringConvertible {
    /// Full size, after smaller sizes if drops are large; see `ScaleDecision`.
    case auto
    /// These factors: ascending powers of two from 1 up to `largestFactor`.
    case factors([Int])

    /// The largest factor, at which the network recognises drops that are eight times as wide.
    package static let largestFactor = 8
    /// The least number of pixels of an image's smaller side. A smaller image is not restored, because it
    /// shows too little.
    package static let minimumSide = 64
    /// The corresponding limit for `auto`, which must not mistake the texture of a tiny image for rain.
    package static let automaticSide = 128

    /// The accepted texts, for error messages.
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

    /// Returns the scales of an image of this size. Traps if `factors` are invalid.
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
