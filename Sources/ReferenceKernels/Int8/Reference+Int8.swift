extension Reference {
    /// Values as integers from −127 to 127 times a 127th of the largest magnitude, the nearest ones, ties to even. Both the
    /// scale and what the values are multiplied by are float32.
    package static func int8(_ values: [Double]) -> (integers: [Double], scale: Double) {
        let largest = Float(values.reduce(0) { max($0, abs($1)) })
        let factor: Float = largest == 0 ? 0 : 127 / largest
        return (
            values.map { ($0 * Double(factor)).rounded(.toNearestOrEven) }, Double(largest * (1 / Float(127)))
        )
    }

    /// The values that the integers stand for.
    static func inInt8(_ values: [Double]) -> [Double] {
        let (integers, scale) = int8(values)
        return integers.map { $0 * scale }
    }
}

extension Planes {
    /// Every pixel with a scale of its own.
    package var inInt8: Planes {
        let plane = height * width
        var result = values
        for pixel in 0..<plane {
            let rounded = Reference.inInt8((0..<channels).map { values[$0 * plane + pixel] })
            for channel in 0..<channels { result[channel * plane + pixel] = rounded[channel] }
        }
        return Planes(channels: channels, height: height, width: width, values: result)
    }
}

extension Reference.Filter {
    /// Every tap of every output channel with a scale of its own; the bias is added to the sums as it is.
    package func inInt8(outputChannels: Int, taps: Int) -> Reference.Filter {
        let inputs = weights.count / outputChannels / taps
        var rounded = weights
        for channel in 0..<outputChannels {
            for tap in 0..<taps {
                let places = (0..<inputs).map { (channel * inputs + $0) * taps + tap }
                let values = Reference.inInt8(places.map { weights[$0] })
                for (place, value) in zip(places, values) { rounded[place] = value }
            }
        }
        return Reference.Filter(rounded, bias: bias)
    }
}
