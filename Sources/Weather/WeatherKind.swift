/// The kind of weather.
package enum WeatherKind: String, Sendable, CaseIterable {
    case rain, snow
}
