import RandomNumbers

/// Which weather a set of pictures gets: one of some kinds, of a strength between bounds, drawn for each picture.
package struct WeatherRecipe: Sendable, Equatable {
    package let kinds: [WeatherKind]
    package let strengths: ClosedRange<Double>

    /// Traps unless there is a kind and the strengths are in 0…1.
    package init(_ kinds: [WeatherKind], strengths: ClosedRange<Double> = 1...1) {
        precondition(!kinds.isEmpty, "WeatherRecipe: no kind of weather")
        precondition(
            strengths.lowerBound >= 0 && strengths.upperBound <= 1, "WeatherRecipe: strengths of \(strengths)"
        )
        self.kinds = kinds
        self.strengths = strengths
    }

    /// A picture's weather, every kind with the same probability.
    package func weather(seed: UInt64) -> Weather {
        var numbers = RandomSequence(seed, Key.recipe)
        return weather(kinds[numbers.below(kinds.count)], seed: seed)
    }

    /// A picture's weather of a given kind.
    package func weather(_ kind: WeatherKind, seed: UInt64) -> Weather {
        var numbers = RandomSequence(seed, Key.strength)
        let strength = numbers.uniform(strengths.lowerBound, strengths.upperBound)
        // Rounding may step over the bound.
        return Weather(kind, strength: min(max(strength, strengths.lowerBound), strengths.upperBound))
    }
}
