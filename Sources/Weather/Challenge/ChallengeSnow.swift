import Images
import RandomNumbers

/// Snow as in the challenge: white, partly transparent flakes, many small and a few large soft ones, blurred by their
/// motion. Some pictures have a veil of light over the whole picture.
struct ChallengeSnow {
    /// Flakes at one distance.
    private struct Layer {
        /// The number of flakes per pixel of the picture.
        var density: Double
        /// The radius at which a flake has faded to nothing, in pixels.
        var radius: Double
        var opacity: Double
        /// The distance that flakes fall while the shutter is open, in pixels.
        var blur: Double
        var slope: Double
    }

    private let layers: [Layer]
    private let seed: UInt64
    /// The brightness of the flakes, in grey levels.
    private let white: Double
    /// Opacity and grey level of the veil.
    private let veil: (opacity: Double, grey: Double)

    /// - Parameter scale: the size of the flakes relative to the challenge's.
    init(strength: Double, scale: Double, seed: UInt64) {
        self.seed = seed
        var numbers = RandomSequence(seed, Key.snow)
        let opacity = numbers.uniform(0.75, 1) * blended(strength, 0.6, 1)
        white = numbers.uniform(225, 255)
        let hasVeil = numbers.isTrue(withProbability: 0.4)
        veil = (
            hasVeil ? numbers.uniform(0, 0.25) * strength : 0, numbers.uniform(190, 242)
        )
        let slope = numbers.uniform(-0.8, 0.8)
        // The classes are fine, medium and large flakes: the smallest and largest radius, the fewest and most
        // flakes per pixel.
        let classes = [(0.9, 1.8, 0.004, 0.032), (1.8, 4, 0.0006, 0.0065), (4, 11, 0, 0.0013)]
        layers = classes.flatMap { smallest, largest, fewest, most in
            let density = numbers.uniform(fewest, most) * graded(strength, 0.2, 1) / 3
            return (0..<3).map { _ in
                let radius = numbers.uniform(smallest, largest)
                let moves = numbers.isTrue(withProbability: 0.45)
                return Layer(
                    density: density / (scale * scale), radius: radius * scale,
                    opacity: opacity * numbers.uniform(0.55, 1.2),
                    blur: moves ? numbers.uniform(1, 1.5 + 1.4 * radius) * scale : 0,
                    slope: slope + 0.1 * numbers.bell())
            }
        }
    }

    func applied(to clean: RGBPixels) -> RGBPixels {
        let mask = mask(width: clean.width, height: clean.height)
        var samples = clean.samples
        for pixel in mask.indices {
            let opacity = mask[pixel]
            for sample in pixel * 3..<pixel * 3 + 3 {
                let veiled = Double(samples[sample]) * (1 - veil.opacity) + veil.grey * veil.opacity
                samples[sample] = UInt8(veiled * (1 - opacity) + white * opacity + 0.5)
            }
        }
        return RGBPixels(width: clean.width, height: clean.height, samples: samples)
    }

    /// Returns the flakes' opacity in 0…1, as (height, width).
    private func mask(width: Int, height: Int) -> [Double] {
        var mask = [Double](repeating: 0, count: width * height)
        for (index, layer) in layers.enumerated() {
            var numbers = RandomSequence(seed, Key.flakes, UInt64(index))
            let field = DropField(width: width, height: height, margin: layer.radius * 1.3 + layer.blur)
            let count = field.count(density: layer.density, &numbers)
            for _ in 0..<count {
                let slope = layer.slope + 0.15 * numbers.bell()
                let radius = layer.radius * numbers.uniform(0.8, 1.25)
                let flake = SoftSegment(
                    at: field.place(slope: slope, &numbers),
                    halfLength: layer.blur / 2 + radius * numbers.uniform(0, 0.3),
                    radius: radius, isTapered: false)
                // A moving flake covers a longer path and is therefore fainter.
                let spread = 1 + layer.blur / (6 * radius)
                let opacity = min(layer.opacity * numbers.uniform(0.1, 1) / spread, 1)
                flake.forEachPixel(width: width, height: height) { mask[$0] = max(mask[$0], opacity * $1) }
            }
        }
        return mask
    }
}
