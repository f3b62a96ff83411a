import Weather

/// The settings of synthetic weather, as stored in the state.
package struct WeatherSettings: Sendable, Equatable, Codable, CustomStringConvertible {
    /// The strength, from the lightest to the challenge's; see `Weather.strength`.
    package static let defaultStrengths = 0.0...1.0

    /// The kinds of weather; each picture has one of them.
    private let kinds: [WeatherKind]
    private let makes: [WeatherMake]
    private let strengths: ClosedRange<Double>
    private let scales: ClosedRange<Double>
    private let cleanShare: Double
    private let lowContrastShare: Double

    package init(
        kinds: [WeatherKind], makes: [WeatherMake] = [.challenge],
        strengths: ClosedRange<Double> = defaultStrengths, scales: ClosedRange<Double> = 1...1,
        cleanShare: Double = 0, lowContrastShare: Double = 0
    ) {
        self.kinds = kinds
        self.makes = makes
        self.strengths = strengths
        self.scales = scales
        self.cleanShare = cleanShare
        self.lowContrastShare = lowContrastShare
    }

    /// Decodes the settings. Old states lack all but the kinds and strengths.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        kinds = try values.decode([WeatherKind].self, forKey: .kinds)
        strengths = try values.decode(ClosedRange<Double>.self, forKey: .strengths)
        makes = try values.decodeIfPresent([WeatherMake].self, forKey: .makes) ?? [.challenge]
        scales = try values.decodeIfPresent(ClosedRange<Double>.self, forKey: .scales) ?? 1...1
        cleanShare = try values.decodeIfPresent(Double.self, forKey: .cleanShare) ?? 0
        lowContrastShare = try values.decodeIfPresent(Double.self, forKey: .lowContrastShare) ?? 0
    }

    var recipe: WeatherRecipe {
        WeatherRecipe(
            kinds, makes: makes, strengths: strengths, scales: scales, cleanShare: cleanShare,
            lowContrastShare: lowContrastShare)
    }

    package var description: String {
        "\(kinds.map(\.rawValue).joined(separator: " and ")) "
            + "(\(makes.map(\.rawValue).joined(separator: " and "))) of strength \(strengths.lowerBound) to "
            + "\(strengths.upperBound), scale \(scales.lowerBound) to \(scales.upperBound), "
            + "\(cleanShare) clean, \(lowContrastShare) of low contrast"
    }
}

extension WeatherKind: Codable {}
extension WeatherMake: Codable {}
