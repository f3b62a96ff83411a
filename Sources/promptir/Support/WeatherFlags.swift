import ArgumentParser
import Weather

/// The flags for synthetic weather, shared by `synthesize` and training.
struct WeatherFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "challenge has thin, nearly vertical streaks and small flakes, wide has streaks and flakes of many kinds, and any draws one of them for each picture. Default: challenge.",
            valueName: "challenge|wide|any"))
    var weatherMake: MakeMix?

    @Option(
        help: ArgumentHelp(
            "Size of drops and flakes relative to those of a 256×256 picture, 0.5 to 8, or a range such as 0.5-6 to draw from log-uniformly for each picture. Default: 1.",
            valueName: "S|LOW-HIGH"))
    var weatherScale: ScaleRange?

    @Option(
        help: ArgumentHelp(
            "Share of the pictures that stay clean, 0 to 1. Default: 0.", valueName: "share"))
    var weatherFree: Double?

    @Option(
        help: ArgumentHelp(
            "Share of the photographs whose contrast is lowered first, as by mist, so that a network does not take low contrast for weather; 0 to 1. Default: 0.",
            valueName: "share"))
    var lowContrast: Double?

    func validate() throws {
        for (flag, share) in [("--weather-free", weatherFree), ("--low-contrast", lowContrast)] {
            guard let share, !(0...1).contains(share) else { continue }
            throw ValidationError("\(flag) \(share): expected 0 to 1")
        }
    }

    var isGiven: Bool {
        weatherMake != nil || weatherScale != nil || weatherFree != nil || lowContrast != nil
    }
    var makes: [WeatherMake] { (weatherMake ?? .challenge).makes }
    var scales: ClosedRange<Double> { weatherScale?.values ?? 1...1 }
    var clean: Double { weatherFree ?? 0 }
    var lowContrastShare: Double { lowContrast ?? 0 }
}

/// The kind of weather, as an argument.
enum WeatherMix: String, ExpressibleByArgument, CaseIterable {
    case rain, snow, mixed

    var kinds: [WeatherKind] {
        switch self {
        case .rain: [.rain]
        case .snow: [.snow]
        case .mixed: WeatherKind.allCases
        }
    }
}

/// The look of weather, as an argument.
enum MakeMix: String, ExpressibleByArgument, CaseIterable {
    case challenge, wide, any

    var makes: [WeatherMake] {
        switch self {
        case .challenge: [.challenge]
        case .wide: [.wide]
        case .any: WeatherMake.allCases
        }
    }
}

/// A strength, or a range of them, as in "0.8" and "0.2-1".
struct StrengthRange: ExpressibleByArgument {
    let values: ClosedRange<Double>

    init(_ values: ClosedRange<Double>) {
        self.values = values
    }

    init?(argument: String) {
        guard let values = range(argument, within: 0...1) else { return nil }
        self.values = values
    }

    var defaultValueDescription: String {
        values.lowerBound == values.upperBound
            ? "\(values.lowerBound)" : "\(values.lowerBound)-\(values.upperBound)"
    }
}

/// A scale, or a range of them, as in "2" and "0.5-6".
struct ScaleRange: ExpressibleByArgument {
    let values: ClosedRange<Double>

    init?(argument: String) {
        guard let values = range(argument, within: Weather.scaleLimits) else { return nil }
        self.values = values
    }
}

private func range(_ argument: String, within limits: ClosedRange<Double>) -> ClosedRange<Double>? {
    let bounds = argument.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
    guard let first = bounds.first, let last = bounds.last, let low = first, let high = last,
        bounds.count <= 2, limits.lowerBound <= low, low <= high, high <= limits.upperBound
    else { return nil }
    return low...high
}
