extension Reference {
    /// Extends the image to the right and downwards to multiples of `multiple`, mirrored at its last pixel without
    /// repeating it. If the image is too small to be mirrored, its last pixel is repeated.
    package static func padded(_ image: Planes, toMultipleOf multiple: Int) -> Planes {
        let rows = positions(image.height, multiple)
        let columns = positions(image.width, multiple)
        var out = Planes(channels: image.channels, height: rows.count, width: columns.count)
        for channel in 0..<image.channels {
            for (y, row) in rows.enumerated() {
                for (x, column) in columns.enumerated() {
                    out[channel, y, x] = image[channel, row, column]
                }
            }
        }
        return out
    }

    /// Returns the top left corner.
    package static func cropped(_ image: Planes, height: Int, width: Int) -> Planes {
        var out = Planes(channels: image.channels, height: height, width: width)
        for channel in 0..<image.channels {
            for y in 0..<height {
                for x in 0..<width { out[channel, y, x] = image[channel, y, x] }
            }
        }
        return out
    }

    /// The source of each position in the extended row.
    private static func positions(_ length: Int, _ multiple: Int) -> [Int] {
        var positions = Array(0..<length)
        let missing = (multiple - length % multiple) % multiple
        let mirrored = positions.dropLast().reversed().prefix(missing)
        positions +=
            mirrored.count == missing ? Array(mirrored) : Array(repeating: length - 1, count: missing)
        return positions
    }
}
