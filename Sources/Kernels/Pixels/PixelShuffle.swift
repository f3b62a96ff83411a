import Tensors

/// Rearrangements of pixels (PyTorch `PixelShuffle(2)` and its inverse); each is the other's gradient.
package enum PixelShuffle {
    /// Moves channel 4·c + 2·i + j of pixel (y, x) to channel c of pixel (2y + i, 2x + j).
    ///
    /// - Parameter target: a quarter of the channels, twice the height and width; overwritten.
    package static func shuffle(_ source: FeatureMap, into target: FeatureMap, team: WorkerTeam) {
        team.run(count: source.height) { y, _ in
            for x in 0..<source.width {
                let pixel = source.pixel(y, x)
                for part in 0..<4 {
                    let out = target.pixel(2 * y + part / 2, 2 * x + part % 2)
                    for channel in 0..<target.channels { out[channel] = pixel[4 * channel + part] }
                    for channel in target.channels..<target.stride { out[channel] = 0 }
                }
            }
        }
    }

    /// Reverses `shuffle`: moves channel c of pixel (2y + i, 2x + j) to channel 4·c + 2·i + j of pixel (y,
    /// x).
    ///
    /// - Parameter target: four times the channels, half the height and width; overwritten.
    package static func unshuffle(_ source: FeatureMap, into target: FeatureMap, team: WorkerTeam) {
        team.run(count: target.height) { y, _ in
            for x in 0..<target.width {
                let pixel = target.pixel(y, x)
                for part in 0..<4 {
                    let values = source.pixel(2 * y + part / 2, 2 * x + part % 2)
                    for channel in 0..<source.channels { pixel[4 * channel + part] = values[channel] }
                }
                for channel in target.channels..<target.stride { pixel[channel] = 0 }
            }
        }
    }
}
