extension Reference {
    /// `(x − mean) / sqrt(var + 1e-5) · weight + bias` over the channels of each pixel, with the population
    /// variance; without a bias `x / sqrt(var + 1e-5) · weight`.
    package static func layerNorm(_ x: Planes, weight: [Double], bias: [Double]?) -> Planes {
        var out = x
        let count = Double(x.channels)
        for y in 0..<x.height {
            for column in 0..<x.width {
                var mean = 0.0
                for channel in 0..<x.channels { mean += x[channel, y, column] / count }
                var variance = 0.0
                for channel in 0..<x.channels {
                    let difference = x[channel, y, column] - mean
                    variance += difference * difference / count
                }
                let deviation = (variance + 1e-5).squareRoot()
                for channel in 0..<x.channels {
                    let value = x[channel, y, column]
                    if let bias {
                        out[channel, y, column] =
                            (value - mean) / deviation * weight[channel] + bias[channel]
                    } else {
                        out[channel, y, column] = value / deviation * weight[channel]
                    }
                }
            }
        }
        return out
    }
}
