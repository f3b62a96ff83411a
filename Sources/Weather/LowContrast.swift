import Images
import RandomNumbers

/// A photograph's tones as in mist, backlight or an old print: lifted blacks, lowered whites, a slight tint and
/// another curve.
///
/// Rain and snow often come with a veil, so a network that only sees photographs of full contrast learns that low
/// contrast is weather, and raises it in pictures without any.
package struct LowContrast {
    /// The grey level for each of the 256 levels, for each channel.
    private let levels: [[UInt8]]

    package init(seed: UInt64) {
        var numbers = RandomSequence(seed, Key.lowContrast)
        let bend = numbers.uniform(-0.35, 0.35)
        let black = numbers.uniform(0.03, 0.3)
        let white = 1 - max(0, numbers.uniform(-0.15, 0.25))
        levels = (0..<3).map { _ in
            let lifted = black * numbers.uniform(0.85, 1.15)
            return (0...255).map { level in
                let value = Double(level) / 255
                let bent = value + bend * value * (1 - value)
                return rounded(255 * blended(bent, lifted, white))
            }
        }
    }

    package func applied(to pixels: RGBPixels) -> RGBPixels {
        var pixels = pixels
        for index in pixels.samples.indices {
            pixels.samples[index] = levels[index % 3][Int(pixels.samples[index])]
        }
        return pixels
    }
}
