extension Reference {
    /// `Conv2d(kernel_size: 3, padding: 1, groups: channels)`.
    ///
    /// - Parameter filter: (channels, 1, 3, 3).
    package static func depthwise3x3(_ x: Planes, _ filter: Filter) -> Planes {
        var out = x
        for channel in 0..<x.channels {
            for y in 0..<x.height {
                for column in 0..<x.width {
                    var sum = filter.bias?[channel] ?? 0
                    for dy in 0..<3 {
                        for dx in 0..<3 {
                            sum +=
                                filter.weights[channel * 9 + dy * 3 + dx]
                                * x.padded(channel, y + dy - 1, column + dx - 1)
                        }
                    }
                    out[channel, y, column] = sum
                }
            }
        }
        return out
    }
}
