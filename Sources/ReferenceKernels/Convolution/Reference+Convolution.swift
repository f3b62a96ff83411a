extension Reference {
    /// `Conv2d(kernel_size: 3, padding: 1)`.
    ///
    /// - Parameter filter: (outputChannels, channels, 3, 3).
    package static func convolution3x3(_ x: Planes, outputChannels: Int, _ filter: Filter) -> Planes {
        var out = Planes(channels: outputChannels, height: x.height, width: x.width)
        for output in 0..<outputChannels {
            for y in 0..<x.height {
                for column in 0..<x.width {
                    var sum = filter.bias?[output] ?? 0
                    for input in 0..<x.channels {
                        for dy in 0..<3 {
                            for dx in 0..<3 {
                                sum +=
                                    filter.weights[(output * x.channels + input) * 9 + dy * 3 + dx]
                                    * x.padded(input, y + dy - 1, column + dx - 1)
                            }
                        }
                    }
                    out[output, y, column] = sum
                }
            }
        }
        return out
    }

    /// `Conv2d(kernel_size: 1)`.
    ///
    /// - Parameter filter: (outputChannels, channels).
    package static func pointwise(_ x: Planes, outputChannels: Int, _ filter: Filter) -> Planes {
        let plane = x.height * x.width
        var out = Planes(
            channels: outputChannels, height: x.height, width: x.width,
            values: product(
                filter.weights, x.values, rows: outputChannels, depth: x.channels, columns: plane))
        if let bias = filter.bias {
            for output in 0..<outputChannels {
                for index in 0..<plane { out.values[output * plane + index] += bias[output] }
            }
        }
        return out
    }
}
