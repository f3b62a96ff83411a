import Weather

/// Weather that is made on the fly, as the state keeps it.
package struct WeatherSettings: Sendable, Equatable, Codable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case rain, snow
        /// Each picture has one or the other.
        case mixed
    }

    package var kind: Kind
    /// See `Weather.strength`: 0 to 1.
    package var leastStrength: Double
    package var greatestStrength: Double

    package init(kind: Kind, leastStrength: Double = 0, greatestStrength: Double = 1) {
        self.kind = kind
        self.leastStrength = leastStrength
        self.greatestStrength = greatestStrength
    }

    var recipe: WeatherRecipe {
        let kinds: [WeatherKind] =
            switch kind {
            case .rain: [.rain]
            case .snow: [.snow]
            case .mixed: [.rain, .snow]
            }
        return WeatherRecipe(kinds, strengths: leastStrength...greatestStrength)
    }

    package var description: String {
        "\(kind.rawValue) of strength \(leastStrength) to \(greatestStrength)"
    }
}
