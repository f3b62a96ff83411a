/// What falls.
package enum WeatherKind: String, Sendable, CaseIterable {
    case rain, snow
}
