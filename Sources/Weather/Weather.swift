import Images
import RandomNumbers

/// Synthetic rain or snow on a clean photograph. It is a pure function of the pixels and a seed.
///
/// It uses only sums, products, quotients and square roots, which IEEE 754 defines to the last bit, so the same seed
/// gives the same picture on every machine. The mask is computed only for the given pixels, which takes about a
/// millisecond for 128×128.
package struct Weather: Sendable, Equatable {
    /// The allowed scales.
    package static let scaleLimits = 0.5...8.0

    package let kind: WeatherKind
    package let make: WeatherMake
    /// The strength. 1 is that of the challenge's pictures (several dense layers of rain, snow of about 20
    /// dB). 0 is the lightest; rain is then as in Rain100L.
    package let strength: Double
    /// The size of drops and flakes relative to those of a 256×256 picture, within `scaleLimits`. Larger ones
    /// are fewer, so that they cover the same share of the picture. Photographs of many megapixels have large
    /// ones.
    package let scale: Double

    /// Traps unless `strength` is in 0…1 and `scale` within its limits.
    package init(_ kind: WeatherKind, make: WeatherMake = .challenge, strength: Double = 1, scale: Double = 1)
    {
        precondition((0...1).contains(strength), "Weather: a strength of \(strength)")
        precondition(Self.scaleLimits.contains(scale), "Weather: a scale of \(scale)")
        self.kind = kind
        self.make = make
        self.strength = strength
        self.scale = scale
    }

    /// Returns the pixels in this weather. Density, angle, sizes and opacity are drawn from the seed for each
    /// picture.
    package func applied(to clean: RGBPixels, seed: UInt64) -> RGBPixels {
        switch (make, kind) {
        case (.challenge, .rain):
            ChallengeRain(strength: strength, scale: scale, seed: seed).applied(to: clean)
        case (.challenge, .snow):
            ChallengeSnow(strength: strength, scale: scale, seed: seed).applied(to: clean)
        case (.wide, .rain): WideRain(strength: strength, scale: scale, seed: seed).applied(to: clean)
        case (.wide, .snow): WideSnow(strength: strength, scale: scale, seed: seed).applied(to: clean)
        }
    }
}

/// Interpolates geometrically from `low` at strength 0 to `high` at strength 1, which the eye perceives as equal
/// steps.
func graded(_ strength: Double, _ low: Double, _ high: Double) -> Double {
    // This computes (high / low) to the power of the strength by its binary digits, because pow() belongs to libm.
    var factor = 1.0
    var root = high / low
    var rest = strength
    for _ in 0..<30 {
        if rest >= 1 {
            factor *= root
            rest -= 1
        }
        root = root.squareRoot()
        rest *= 2
    }
    return low * factor
}

/// Interpolates linearly from `low` at strength 0 to `high` at strength 1.
func blended(_ strength: Double, _ low: Double, _ high: Double) -> Double {
    low + (high - low) * strength
}

/// Keys that separate the sequences of a seed's parts.
enum Key {
    static let rain: UInt64 = 1
    static let layer: UInt64 = 2
    static let streaks: UInt64 = 3
    static let snow: UInt64 = 4
    static let flakes: UInt64 = 5
    static let recipe: UInt64 = 6
    static let strength: UInt64 = 7
    static let scale: UInt64 = 8
    static let clean: UInt64 = 9
    static let wideRain: UInt64 = 10
    static let wideStreaks: UInt64 = 11
    static let wideSnow: UInt64 = 12
    static let wideFlakes: UInt64 = 13
    static let lowContrast: UInt64 = 14
}
