/// Reads a picture's rows as the compared values, on the scale of 8 bits, interleaved by pixel.
struct MetricRows {
    private let picture: Picture
    private let channels: MetricChannels

    init(_ picture: Picture, _ channels: MetricChannels) {
        self.picture = picture
        self.channels = channels
    }

    var channelCount: Int { channels == .rgb ? 3 : 1 }

    var emptyRow: [Double] { [Double](repeating: 0, count: picture.width * channelCount) }

    func read(_ y: Int, into row: inout [Double]) {
        switch picture.samples {
        case .eightBit(let samples): read(y, of: samples, scale: 1, into: &row)
        case .sixteenBit(let samples): read(y, of: samples, scale: 1.0 / 257, into: &row)
        }
    }

    private func read(_ y: Int, of samples: [some BinaryInteger], scale: Double, into row: inout [Double]) {
        let stride = picture.layout.channelCount
        let isGrey = picture.layout.colourCount == 1
        for x in 0..<picture.width {
            let pixel = (y * picture.width + x) * stride
            let red = Double(samples[pixel]) * scale
            let green = isGrey ? red : Double(samples[pixel + 1]) * scale
            let blue = isGrey ? red : Double(samples[pixel + 2]) * scale
            switch channels {
            case .rgb:
                row[3 * x] = red
                row[3 * x + 1] = green
                row[3 * x + 2] = blue
            case .luma:
                row[x] = 16 + (65.481 * red + 128.553 * green + 24.966 * blue) / 255
            }
        }
    }
}
