import Kernels
import ReferenceKernels
import Testing

@Suite(.figures) struct LayerNormTests {
    static let channels = AwkwardSizes.channels + [85, 127, 384, 704]

    @Test(arguments: channels, [true, false])
    func agreesWithItsTwin(channels: Int, subtractsMean: Bool) throws {
        // A whole group of pixels, parts of one, and both.
        for count in [1, 4, 7, 18] {
            for (offset, scale) in [(0.0, 1.0), (5.0, 0.1), (-300.0, 20.0), (0.0, 1e-4)] {
                let values = Values.uniform("norm", channels * count, scale: scale)
                    .map { $0 + Float(offset) }
                try compare(values, channels: channels, count: count, subtractsMean: subtractsMean)
            }
        }
    }

    /// Without variance, epsilon alone divides.
    @Test(arguments: [true, false]) func acceptsEqualChannels(subtractsMean: Bool) throws {
        for value in [Float(0), 1, -3] {
            try compare(
                [Float](repeating: value, count: 17 * 2), channels: 17, count: 2, subtractsMean: subtractsMean
            )
        }
    }

    @Test func mayOverwriteItsInput() throws {
        let input = try GuardedMap(Values.uniform("norm", 24 * 3), channels: 24, height: 1, width: 3)
        let output = try GuardedMap(channels: 24, height: 1, width: 3)
        for target in [output, input] {
            LayerNorm.normalize(
                input.memory.constant, inputStride: 32, channels: 24, count: 3, subtractsMean: true,
                output: target.memory.base, outputStride: 32)
        }
        #expect(input.planes == output.planes)
    }

    private func compare(_ values: [Float], channels: Int, count: Int, subtractsMean: Bool) throws {
        // A stride beyond the whole panels: guard bits between the pixels.
        let stride = (channels + 15) / 16 * 16 + 16
        let input = try GuardedMap(values, channels: channels, height: 1, width: count, stride: stride)
        let output = try GuardedMap(channels: channels, height: 1, width: count, stride: stride)
        LayerNorm.normalize(
            input.memory.constant, inputStride: stride, channels: channels, count: count,
            subtractsMean: subtractsMean, output: output.memory.base, outputStride: stride)

        let twin = Reference.layerNorm(
            Planes(values, channels: channels, height: 1, width: count),
            weight: Array(repeating: 1, count: channels),
            bias: subtractsMean ? Array(repeating: 0, count: channels) : nil)
        expectClose(
            output.planes, twin.values,
            within: Self.tolerances(values, twin, channels: channels, count: count), "layer norm")
        #expect(output.guardsAreIntact && input.guardsAreIntact)
        #expect(
            (0..<count).allSatisfy { pixel in
                (channels..<(channels + 7) / 8 * 8).allSatisfy {
                    // Without the mean, zeros stay zeros; with it, the product behind has no row for them.
                    subtractsMean || output.memory.base[pixel * stride + $0] == 0
                }
            })
    }

    /// The mean is a sum of eight chains of C/8 terms, then of eight: its error is that of mean |x|, over the
    /// deviation. The variance adds as many roundings again, relative to the result.
    private static func tolerances(_ values: [Float], _ twin: Planes, channels: Int, count: Int) -> [Double] {
        let roundings = Double(channels / 8 + 10) * Rounding.unit
        return twin.values.indices.map { index in
            let pixel = index % count
            let column = (0..<channels).map { Double(values[$0 * count + pixel]) }
            let mean = column.reduce(0, +) / Double(channels)
            let variance = column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(channels)
            let meanMagnitude = column.map(abs).reduce(0, +) / Double(channels)
            return roundings
                * (abs(twin.values[index]) + meanMagnitude / (variance + 1e-5).squareRoot())
        }
    }
}
