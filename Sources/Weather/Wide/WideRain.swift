import Images
import RandomNumbers

/// Rain of many kinds: layers of near and far drops in one or two wind directions, fine rain between them, and a veil
/// in front of distant things.
struct WideRain {
    private let layers: [StreakLayer]
    private let drizzle: Drizzle?
    /// The mean opacity of the streaks.
    private let meanOpacity: Double
    /// Whether a drop in front of another adds less light than a drop alone.
    private let saturates: Bool
    /// Brightness of an opaque drop, in grey levels.
    private let light: Double
    private let composition: Composition
    private let veil: Veil?
    private let seed: UInt64

    /// - Parameter scale: size of the drops relative to those of a 256×256 picture.
    init(strength: Double, scale: Double, seed: UInt64) {
        self.seed = seed
        var numbers = RandomSequence(seed, Key.wideRain)
        let wind = 0.3 * numbers.bell()
        var layers = (0..<1 + Int(strength * Double(1 + numbers.below(5)))).map { _ in
            StreakLayer(wind: wind, isDense: strength > 0.5, scale: scale, &numbers)
        }
        if strength > 0.55, numbers.isTrue(withProbability: 0.35) {
            let second = wind + numbers.uniform(-0.8, 0.8)
            for _ in 0..<1 + numbers.below(2) {
                layers.append(StreakLayer(wind: second, isDense: true, scale: scale, &numbers))
            }
        }
        self.layers = layers
        drizzle =
            numbers.isTrue(withProbability: 0.35) ? Drizzle(wind: wind, scale: scale, &numbers) : nil
        let share = numbers.unit()
        meanOpacity =
            switch strength {
            case ..<0.4: graded(share, 0.006, 0.05)
            case ..<0.7: graded(share, 0.03, 0.15)
            default: graded(share, 0.12, 0.45)
            }
        saturates = numbers.isTrue(withProbability: 0.3)
        light = numbers.uniform(190, 255)
        composition = Composition(
            numbers.unit(), additive: 0.6, screen: 0.2)
        veil =
            numbers.isTrue(withProbability: 0.35)
            ? Veil(opacity: numbers.uniform(0.02, 0.3), grey: numbers.uniform(150, 245), floor: 0.5, &numbers)
            : nil
    }

    func applied(to clean: RGBPixels) -> RGBPixels {
        clean.behind(veil, mask: mask(width: clean.width, height: clean.height)) { value, opacity, _ in
            composition.over(value, opacity: opacity, light: light)
        }
    }

    /// Returns the streaks' opacity, not below 0, as (height, width).
    private func mask(width: Int, height: Int) -> [Double] {
        var mask = [Double](repeating: 0, count: width * height)
        var mean = 0.0
        for (index, layer) in layers.enumerated() {
            var numbers = RandomSequence(seed, Key.wideStreaks, UInt64(index))
            layer.draw(into: &mask, width: width, height: height, &numbers)
            mean += layer.mean
        }
        if let drizzle {
            var numbers = RandomSequence(seed, Key.wideStreaks, UInt64(layers.count))
            let fine = drizzle.mask(width: width, height: height, &numbers)
            mean += fine.reduce(0, +) / Double(fine.count)
            for pixel in mask.indices { mask[pixel] += fine[pixel] }
        }
        // The density is expected, not counted, because a small patch may lie between the streaks.
        let scale = meanOpacity / max(mean, 1e-3)
        for pixel in mask.indices {
            var opacity = mask[pixel] * scale
            if saturates {
                // This approximates 1 − exp(−opacity) without libm.
                let power = (1 + opacity / 4) * (1 + opacity / 4)
                opacity = 1 - 1 / (power * power)
            }
            mask[pixel] = opacity
        }
        return mask
    }
}
