/// Features as in the definitions: (channels, height, width) doubles, row-major, without padding.
package struct Planes: Sendable, Equatable {
    package let channels: Int
    package let height: Int
    package let width: Int
    /// The values; (c, y, x) is at `(c * height + y) * width + x`.
    package var values: [Double]

    /// Traps if `values` does not fill the shape.
    package init(channels: Int, height: Int, width: Int, values: [Double]) {
        precondition(values.count == channels * height * width, "Planes: value count does not fit the shape")
        self.channels = channels
        self.height = height
        self.width = width
        self.values = values
    }

    /// Creates features of zeros.
    package init(channels: Int, height: Int, width: Int) {
        self.init(
            channels: channels, height: height, width: width,
            values: [Double](repeating: 0, count: channels * height * width))
    }

    package subscript(channel: Int, y: Int, x: Int) -> Double {
        get { values[(channel * height + y) * width + x] }
        set { values[(channel * height + y) * width + x] = newValue }
    }

    /// The value, or zero outside the image: the padding of every convolution.
    package func padded(_ channel: Int, _ y: Int, _ x: Int) -> Double {
        y >= 0 && y < height && x >= 0 && x < width ? self[channel, y, x] : 0
    }

    /// Returns some of the channels.
    package func channels(_ range: Range<Int>) -> Planes {
        let plane = height * width
        return Planes(
            channels: range.count, height: height, width: width,
            values: Array(values[range.lowerBound * plane..<range.upperBound * plane]))
    }

    /// Joins these and other features of the same size along the channels.
    package func joined(with other: Planes) -> Planes {
        precondition(height == other.height && width == other.width, "joined features differ in size")
        return Planes(
            channels: channels + other.channels, height: height, width: width, values: values + other.values)
    }

    /// Adds two features of the same shape.
    package static func + (a: Planes, b: Planes) -> Planes {
        precondition(
            a.channels == b.channels && a.height == b.height && a.width == b.width,
            "added features differ in shape")
        return Planes(
            channels: a.channels, height: a.height, width: a.width, values: zip(a.values, b.values).map(+))
    }
}
