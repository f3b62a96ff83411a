import Weather

/// Weather that is made on the fly, as the state keeps it.
package struct WeatherSettings: Sendable, Equatable, Codable, CustomStringConvertible {
    /// From the lightest to the challenge's: see `Weather.strength`.
    package static let defaultStrengths = 0.0...1.0

    /// What falls: each picture has one of them.
    private let kinds: [WeatherKind]
    private let strengths: ClosedRange<Double>

    package init(kinds: [WeatherKind], strengths: ClosedRange<Double> = defaultStrengths) {
        self.kinds = kinds
        self.strengths = strengths
    }

    var recipe: WeatherRecipe { WeatherRecipe(kinds, strengths: strengths) }

    package var description: String {
        "\(kinds.map(\.rawValue).joined(separator: " and ")) of strength \(strengths.lowerBound) to "
            + "\(strengths.upperBound)"
    }
}

extension WeatherKind: Codable {}
