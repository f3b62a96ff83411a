import Images
import RandomNumbers

/// Rain as in the challenge: grey streaks in layers, within 25° of the vertical, added to the picture and clipped at
/// white.
struct ChallengeRain {
    /// Streaks at one distance. They are similar in length, width, angle and brightness.
    private struct Layer {
        /// The number of streaks per pixel of the picture.
        var density: Double
        var halfLength: Double
        var radius: Double
        var slope: Double
        var brightness: Double

        /// The total light that a streak of mean length and brightness adds.
        var mass: Double {
            // The integral of (1 − t²)² from −1 to 1 is 16/15, along and across.
            let area =
                halfLength * (ChallengeRain.lengths.lowerBound + ChallengeRain.lengths.upperBound) / 2
                * radius
                * (256.0 / 225.0)
            return brightness
                * (ChallengeRain.brightnesses.lowerBound + ChallengeRain.brightnesses.upperBound) / 2 * area
        }
    }

    /// The ranges of a streak's length and brightness, as shares of its layer's.
    private static let lengths = 0.6...1.25
    private static let brightnesses = 0.3...1.0
    /// The greatest slope, the tangent of 25°.
    private static let steepest = 0.466

    private let layers: [Layer]
    /// The mean light that the layers would add without an upper limit, in grey levels.
    private let meanRise: Double
    /// The most light that rain of any density adds, in grey levels.
    private let ceiling: Double
    private let seed: UInt64

    /// - Parameter scale: the size of the drops relative to the challenge's.
    init(strength: Double, scale: Double, seed: UInt64) {
        self.seed = seed
        var numbers = RandomSequence(seed, Key.rain)
        let share = numbers.unit()
        meanRise = graded(strength, blended(share, 9, 27), blended(share, 74, 184))
        ceiling = graded(strength, 72, 165)
        let slope = 0.17 * numbers.bell()
        let layerShare = numbers.unit()
        let layerCount = Int(blended(strength, 1 + 2 * layerShare, 4 + 3 * layerShare))
        layers = (0..<layerCount).map { layer in
            // Each layer has its own sequence, so a higher strength adds layers without changing the others.
            var own = RandomSequence(seed, Key.layer, UInt64(layer))
            let share = own.unit()
            // Thin streaks are more frequent.
            let width = 0.3 + share * share * blended(strength, 0.9, 0.7)
            return Layer(
                density: graded(strength, own.uniform(0.0013, 0.0030), own.uniform(0.0052, 0.0118))
                    / (scale * scale),
                halfLength: own.uniform(7, 30) * blended(strength, 0.8, 1) * scale,
                radius: max(2.4 * width * scale, 1),
                slope: min(max(slope + 0.07 * own.bell(), -Self.steepest), Self.steepest),
                // Near streaks are wide and blurred, far ones fine and sharp.
                brightness: own.uniform(0.4, 1) / (0.4 + width))
        }
    }

    func applied(to clean: RGBPixels) -> RGBPixels {
        let mask = mask(width: clean.width, height: clean.height)
        var samples = clean.samples
        for pixel in mask.indices {
            let rise = mask[pixel]
            guard rise > 0 else { continue }
            for sample in pixel * 3..<pixel * 3 + 3 {
                samples[sample] = UInt8(min(Double(samples[sample]) + rise, 255) + 0.5)
            }
        }
        return RGBPixels(width: clean.width, height: clean.height, samples: samples)
    }

    /// Returns the added light in grey levels, as (height, width).
    private func mask(width: Int, height: Int) -> [Double] {
        var mask = [Double](repeating: 0, count: width * height)
        var mass = 0.0
        for (index, layer) in layers.enumerated() {
            var numbers = RandomSequence(seed, Key.streaks, UInt64(index))
            let length = (1 + layer.slope * layer.slope).squareRoot()
            let reach = layer.halfLength * Self.lengths.upperBound
            let field = DropField(
                width: width, height: height, marginX: reach * abs(layer.slope) / length + layer.radius,
                marginY: reach / length + layer.radius)
            let count = field.count(density: layer.density, &numbers)
            for _ in 0..<count {
                let segment = SoftSegment(
                    at: field.place(slope: layer.slope, &numbers),
                    halfLength: layer.halfLength
                        * numbers.uniform(Self.lengths.lowerBound, Self.lengths.upperBound),
                    radius: layer.radius, isTapered: true)
                let brightness =
                    layer.brightness
                    * numbers.uniform(Self.brightnesses.lowerBound, Self.brightnesses.upperBound)
                segment.forEachPixel(width: width, height: height) { mask[$0] += brightness * $1 }
            }
            // The density is expected, not counted, because a small patch may lie between the streaks.
            mass += layer.density * layer.mass
        }
        let scale = mass > 0 ? meanRise / mass : 0
        for pixel in mask.indices {
            // A drop in front of another adds less light than a drop alone.
            let sum = mask[pixel] * scale
            mask[pixel] = sum * ceiling / (sum + ceiling)
        }
        return mask
    }
}
