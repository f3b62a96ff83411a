import Images
import RandomNumbers

/// The weather of a set of pictures. The kind, make, strength and scale are drawn for each picture.
package struct WeatherRecipe: Sendable, Equatable {
    package let kinds: [WeatherKind]
    package let makes: [WeatherMake]
    package let strengths: ClosedRange<Double>
    /// The range of scales, drawn log-uniformly.
    package let scales: ClosedRange<Double>
    /// The share of the pictures that stay clean, so that a network learns to leave clean pictures alone.
    package let cleanShare: Double
    /// The share of the photographs whose contrast is lowered, clean and in weather alike, so that a network does not
    /// take low contrast for a veil.
    package let lowContrastShare: Double

    /// Traps unless there are a kind and a make, and `Weather` accepts the ranges.
    package init(
        _ kinds: [WeatherKind], makes: [WeatherMake] = [.challenge], strengths: ClosedRange<Double> = 1...1,
        scales: ClosedRange<Double> = 1...1, cleanShare: Double = 0, lowContrastShare: Double = 0
    ) {
        precondition(!kinds.isEmpty && !makes.isEmpty, "WeatherRecipe: no kind or make of weather")
        precondition(
            strengths.lowerBound >= 0 && strengths.upperBound <= 1, "WeatherRecipe: strengths of \(strengths)"
        )
        precondition(
            Weather.scaleLimits.contains(scales.lowerBound)
                && Weather.scaleLimits.contains(scales.upperBound),
            "WeatherRecipe: scales of \(scales)")
        precondition((0...1).contains(cleanShare), "WeatherRecipe: a clean share of \(cleanShare)")
        precondition(
            (0...1).contains(lowContrastShare), "WeatherRecipe: a low-contrast share of \(lowContrastShare)")
        self.kinds = kinds
        self.makes = makes
        self.strengths = strengths
        self.scales = scales
        self.cleanShare = cleanShare
        self.lowContrastShare = lowContrastShare
    }

    /// Returns a photograph as it is, or with its contrast lowered. Weather is applied to the result.
    package func clean(_ photograph: RGBPixels, seed: UInt64) -> RGBPixels {
        var chance = RandomSequence(seed, Key.lowContrast, Key.clean)
        guard chance.isTrue(withProbability: lowContrastShare) else { return photograph }
        return LowContrast(seed: seed).applied(to: photograph)
    }

    /// Returns a picture in weather of one of the kinds, each with the same probability, or unchanged.
    package func applied(to clean: RGBPixels, seed: UInt64) -> RGBPixels {
        weather(seed: seed)?.applied(to: clean, seed: seed) ?? clean
    }

    /// Returns a picture in weather of a given kind, or unchanged.
    package func applied(_ kind: WeatherKind, to clean: RGBPixels, seed: UInt64) -> RGBPixels {
        weather(kind, seed: seed)?.applied(to: clean, seed: seed) ?? clean
    }

    /// Returns a picture's weather, each kind with the same probability, or nil if the picture stays clean.
    package func weather(seed: UInt64) -> Weather? {
        var numbers = RandomSequence(seed, Key.recipe)
        return weather(kinds[numbers.below(kinds.count)], seed: seed)
    }

    /// Returns a picture's weather of a given kind, or nil if the picture stays clean.
    package func weather(_ kind: WeatherKind, seed: UInt64) -> Weather? {
        var chance = RandomSequence(seed, Key.clean)
        if chance.isTrue(withProbability: cleanShare) { return nil }
        var strength = RandomSequence(seed, Key.strength)
        var scale = RandomSequence(seed, Key.scale)
        return Weather(
            kind, make: makes[scale.below(makes.count)],
            // Rounding may exceed a bound.
            strength: clamped(strength.uniform(strengths.lowerBound, strengths.upperBound), to: strengths),
            scale: clamped(graded(scale.unit(), scales.lowerBound, scales.upperBound), to: scales))
    }

    private func clamped(_ value: Double, to range: ClosedRange<Double>) -> Double {
        min(max(value, range.lowerBound), range.upperBound)
    }
}
