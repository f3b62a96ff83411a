/// The look of rain and snow.
package enum WeatherMake: String, Sendable, CaseIterable {
    /// The challenge's look: thin, nearly vertical streaks and small soft flakes.
    case challenge
    /// A varied look: streaks from hairs to defocused bands, up to 50° from the vertical, in one or two wind
    /// directions; flakes from points to irregular discs out of focus; three ways of composing them with the
    /// picture; veils.
    case wide
}
