/// Whose rain and snow it looks like.
package enum WeatherMake: String, Sendable, CaseIterable {
    /// As in the challenge: thin streaks near the vertical; small soft flakes.
    case challenge
    /// Of many makes: streaks from hairs to defocused bands, up to 50° from the vertical, in one wind or two; flakes
    /// from points to irregular discs out of focus; three ways of composing them with the picture; veils.
    case wide
}
