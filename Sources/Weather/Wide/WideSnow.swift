import Images
import RandomNumbers

/// Snow of many kinds: flakes from points to irregular discs out of focus, falling or blown, in up to twelve layers.
struct WideSnow {
    /// A group of flakes of similar size.
    private struct Size {
        /// Radii in pixels.
        var radii: ClosedRange<Double>
        /// Flakes per pixel of the picture, in the lightest and in the densest snow.
        var fewest: Double
        var most: Double
        /// Whether the group is missing in four pictures out of ten.
        var isOptional: Bool
    }

    private static let sizes = [
        Size(radii: 0.5...1.2, fewest: 4e-4, most: 2.2e-2, isOptional: false),
        Size(radii: 1.2...3, fewest: 1e-4, most: 5e-3, isOptional: false),
        Size(radii: 3...8, fewest: 5e-6, most: 5e-4, isOptional: true),
        Size(radii: 8...18, fewest: 1e-6, most: 6e-5, isOptional: true),
    ]

    private let layers: [FlakeLayer]
    private let opacity: Double
    /// Brightness of the three channels, in grey levels.
    private let white: [Double]
    private let veil: Veil?
    private let seed: UInt64

    /// - Parameter scale: size of the flakes relative to those of a 256×256 picture.
    init(strength: Double, scale: Double, seed: UInt64) {
        self.seed = seed
        var numbers = RandomSequence(seed, Key.wideSnow)
        let wind = numbers.uniform(-1.1, 1.1)
        let moves = numbers.isTrue(withProbability: 0.6)
        var layers: [FlakeLayer] = []
        for size in Self.sizes where !(size.isOptional && numbers.isTrue(withProbability: 0.4)) {
            for _ in 0..<3 {
                let radius = graded(numbers.unit(), size.radii.lowerBound, size.radii.upperBound)
                let amount = min(max(strength + 0.2 * numbers.bell(), 0), 1)
                layers.append(
                    FlakeLayer(
                        radius: radius, density: graded(amount, size.fewest, size.most) / 3,
                        wind: wind, moves: moves && numbers.isTrue(withProbability: 0.7), scale: scale,
                        &numbers))
            }
        }
        self.layers = layers
        opacity = numbers.uniform(0.6, 1)
        let grey = numbers.uniform(205, 255)
        let blue = numbers.uniform(0, 6)
        white = [grey - blue, grey, min(grey + blue, 255)]
        veil =
            numbers.isTrue(withProbability: 0.5)
            ? Veil(opacity: numbers.uniform(0, 0.3), grey: numbers.uniform(190, 250), floor: 0.6, &numbers)
            : nil
    }

    func applied(to clean: RGBPixels) -> RGBPixels {
        clean.behind(veil, mask: mask(width: clean.width, height: clean.height)) { value, covered, channel in
            value + (white[channel] - value) * (covered * opacity)
        }
    }

    /// Returns the flakes' opacity in 0…1, as (height, width).
    private func mask(width: Int, height: Int) -> [Double] {
        var mask = [Double](repeating: 0, count: width * height)
        for (index, layer) in layers.enumerated() {
            var numbers = RandomSequence(seed, Key.wideFlakes, UInt64(index))
            layer.draw(into: &mask, width: width, height: height, &numbers)
        }
        return mask
    }
}
