extension Reference {
    /// PyTorch `PixelShuffle(2)`: (4·C, H, W) → (C, 2·H, 2·W).
    package static func pixelShuffle(_ x: Planes) -> Planes {
        var out = Planes(channels: x.channels / 4, height: 2 * x.height, width: 2 * x.width)
        for channel in 0..<out.channels {
            for y in 0..<out.height {
                for column in 0..<out.width {
                    out[channel, y, column] =
                        x[4 * channel + 2 * (y % 2) + column % 2, y / 2, column / 2]
                }
            }
        }
        return out
    }

    /// PyTorch `PixelUnshuffle(2)`, the inverse; height and width even.
    package static func pixelUnshuffle(_ x: Planes) -> Planes {
        var out = Planes(channels: 4 * x.channels, height: x.height / 2, width: x.width / 2)
        for channel in 0..<x.channels {
            for y in 0..<x.height {
                for column in 0..<x.width {
                    out[4 * channel + 2 * (y % 2) + column % 2, y / 2, column / 2] = x[channel, y, column]
                }
            }
        }
        return out
    }
}
