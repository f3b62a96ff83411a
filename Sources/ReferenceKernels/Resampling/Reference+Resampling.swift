extension Reference {
    /// Returns the mean of every 2×2 pixels, or of those that exist: (C, H, W) → (C, ⌈H/2⌉, ⌈W/2⌉).
    package static func halved(_ image: Planes) -> Planes {
        var out = Planes(
            channels: image.channels, height: (image.height + 1) / 2, width: (image.width + 1) / 2)
        for channel in 0..<out.channels {
            for y in 0..<out.height {
                for x in 0..<out.width {
                    let rows = 2 * y..<min(2 * y + 2, image.height)
                    let columns = 2 * x..<min(2 * x + 2, image.width)
                    let sum = rows.reduce(0.0) { sum, row in
                        columns.reduce(sum) { $0 + image[channel, row, $1] }
                    }
                    out[channel, y, x] = sum / Double(rows.count * columns.count)
                }
            }
        }
        return out
    }

    /// PyTorch `F.interpolate(scale_factor: 2, mode: "bilinear", align_corners: false)`, cropped to the given size.
    package static func doubled(_ image: Planes, height: Int, width: Int) -> Planes {
        var out = Planes(channels: image.channels, height: height, width: width)
        for channel in 0..<out.channels {
            for y in 0..<height {
                for x in 0..<width {
                    let (top, bottom, down) = neighbours(y, of: image.height)
                    let (left, right, across) = neighbours(x, of: image.width)
                    out[channel, y, x] =
                        (1 - down) * (1 - across) * image[channel, top, left]
                        + (1 - down) * across * image[channel, top, right]
                        + down * (1 - across) * image[channel, bottom, left]
                        + down * across * image[channel, bottom, right]
                }
            }
        }
        return out
    }

    /// Returns the two pixels on either side of a pixel in the doubled row, and the weight of the second.
    private static func neighbours(_ position: Int, of length: Int) -> (Int, Int, share: Double) {
        let place = (Double(position) + 0.5) / 2 - 0.5
        let first = Int(place.rounded(.down))
        return (max(first, 0), min(first + 1, length - 1), place - Double(first))
    }
}
