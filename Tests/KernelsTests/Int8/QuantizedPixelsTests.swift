import Products
import ReferenceKernels
import Testing

/// What makes pixels and matrices operands of products in int8.
@Suite(.figures) struct QuantizedPixelsTests {
    /// Pixels of zeros, of one value, with ties, and of very different sizes.
    private static func pixels(_ channels: Int, count: Int) -> [Float] {
        var values = Values.uniform("pixels", channels * count)
        for channel in 0..<channels {
            values[channel] = 0
            values[channels + channel] = channel == 0 ? -3 : 0
            values[2 * channels + channel] = channel == 0 ? 127 : Float(channel % 250) / 2 - 60
            values[3 * channels + channel] *= 1e-30
            values[4 * channels + channel] *= 1e30
        }
        return values
    }

    @Test(arguments: Int8Build.runnable, AwkwardSizes.channels + [85, 127, 384])
    func pixels(build: Int8Build, channels: Int) throws {
        for isNarrow in [true, false] { try pixels(build, channels, isNarrow: isNarrow) }
    }

    private func pixels(_ build: Int8Build, _ channels: Int, isNarrow: Bool) throws {
        let (count, panels) = (23, (channels + 15) / 16)
        let values = BFloat16Bits.stored(
            Self.pixels(channels, count: count), in: isNarrow ? .bfloat16 : .float32)
        let words = panels * (isNarrow ? 8 : 16)
        let source = try GuardedMemory(count: count * (words + 3))
        for pixel in 0..<count {
            func value(_ channel: Int) -> Float {
                channel < channels ? values[pixel * channels + channel] : 0
            }
            for word in 0..<words {
                source.base[pixel * (words + 3) + word] =
                    isNarrow ? BFloat16Bits.word(value(2 * word), value(2 * word + 1)) : value(word)
            }
        }
        let result = try Result(build, count: count, panels: panels)
        build.kernels.quantize(
            result.operands(sourceStride: words + 3), source: source.constant, isNarrow: isNarrow)
        for pixel in 0..<count {
            let expected = Reference.int8(values[pixel * channels..<(pixel + 1) * channels].map(Double.init))
            #expect(result.integers(pixel, channels) == expected.integers, "pixel \(pixel)")
            #expect(Double(result.scales.base[pixel]) == expected.scale, "pixel \(pixel)")
        }
        #expect(result.isClean && source.guardsAreIntact)
    }

    /// After a layer normalisation an integer may be the next one, because the mean is rounded.
    @Test(arguments: Int8Build.runnable, AwkwardSizes.channels + [85, 127, 384])
    func norm(build: Int8Build, channels: Int) throws {
        for subtractsMean in [true, false] { try norm(build, channels, subtractsMean: subtractsMean) }
    }

    private func norm(_ build: Int8Build, _ channels: Int, subtractsMean: Bool) throws {
        for (offset, scale) in [(0.0, 1.0), (5.0, 0.1), (-300.0, 20.0)] {
            let (count, panels) = (18, (channels + 15) / 16)
            let values = BFloat16Bits.stored(
                Values.uniform("norm", channels * count, scale: scale).map { $0 + Float(offset) },
                in: .bfloat16)
            let input = try GuardedMap(
                values, channels: channels, height: 1, width: count, precision: .bfloat16)
            let result = try Result(build, count: count, panels: panels)
            build.kernels.normalize(
                result.operands(sourceStride: panels * 8), source: input.memory.constant, channels: channels,
                subtractsMean: subtractsMean, epsilon: 1e-5)
            let twin = Reference.layerNorm(
                Planes(values, channels: channels, height: 1, width: count),
                weight: Array(repeating: 1, count: channels),
                bias: subtractsMean ? Array(repeating: 0, count: channels) : nil)
            // Close to its mean a value is as uncertain as the mean is.
            let uncertainty = Double(channels + 8) * Rounding.unit * (abs(offset) / scale + 4)
            for pixel in 0..<count {
                let expected = (0..<channels).map { twin.values[$0 * count + pixel] }
                let step = Double(result.scales.base[pixel])
                expectClose(
                    result.integers(pixel, channels).map { Float($0 * step) }, expected,
                    within: expected.map {
                        step / 2 * 1.0001 + uncertainty + abs($0) * 8 * Rounding.unit
                    }, "layer norm to int8")
                let largest = expected.map(abs).max() ?? 0
                #expect(abs(step * 127 - largest) <= uncertainty + 1e-6 * largest)
            }
            #expect(result.isClean && input.guardsAreIntact)
        }
    }

    @Test(arguments: Int8Build.runnable, [1, 2, 3, 5, 16, 17, 48])
    func columns(build: Int8Build, depth: Int) throws {
        for panels in 1...3 {
            var values = Values.uniform("matrix", panels * depth * 16)
            for row in 0..<depth { values[row * 16 + 3] = 0 }
            let matrix = try GuardedMemory(values)
            let columns = try GuardedMemory(count: panels * ProductScales.panelStride)
            build.kernels.quantizeColumns(
                matrix.base, depth: depth, panelCount: panels, columns: columns.base)
            let perWord = build.kernels.integersPerWord
            let words = (depth + perWord - 1) / perWord
            for column in 0..<panels * 16 {
                let (panel, lane) = (column / 16, column % 16)
                let expected = Reference.int8(
                    (0..<depth).map { Double(values[(panel * depth + $0) * 16 + lane]) })
                let integers = build.column(
                    matrix.constant + panel * words * 16 + lane, words * perWord)
                let padding = Array(repeating: 0.0, count: words * perWord - depth)
                #expect(integers == expected.integers + padding, "column \(column)")
                let place = columns.base + panel * ProductScales.panelStride + lane
                #expect(Double(place[0]) == expected.scale)
                #expect(place[16].bitPattern == build.offset(integers.map { Float($0) }).bitPattern)
            }
            #expect(matrix.guardsAreIntact && columns.guardsAreIntact)
        }
    }

    @Test(arguments: Int8Build.runnable, [1, 2, 3, 5, 16, 31, 63, 64, 65, 130])
    func rows(build: Int8Build, pixels: Int) throws {
        let perWord = build.kernels.integersPerWord
        let words = (pixels + 16 * perWord - 1) / (16 * perWord) * 16
        var values = Values.uniform("panel", pixels * 16)
        for pixel in 0..<pixels { values[pixel * 16 + 3] = 0 }
        let panel = try GuardedMemory(values)
        let (rows, scales) = (try GuardedMemory(count: 16 * words), try GuardedMemory(count: 16))
        build.kernels.quantizeRows(
            panel.constant, count: pixels, wordCount: words, into: rows.base, scales: scales.base)
        for channel in 0..<16 {
            let expected = Reference.int8((0..<pixels).map { Double(values[$0 * 16 + channel]) })
            #expect(build.pixel(rows.constant + channel * words, pixels) == expected.integers)
            #expect(Double(scales.base[channel]) == expected.scale)
        }
        #expect(panel.guardsAreIntact && rows.guardsAreIntact && scales.guardsAreIntact)
    }

    /// The pixels that a kernel wrote, with gaps between them.
    private struct Result {
        let words: GuardedMemory
        let scales: GuardedMemory
        let build: Int8Build
        let panels: Int
        /// Words of a pixel's panels, and from pixel to pixel.
        let used: Int
        let stride: Int

        init(_ build: Int8Build, count: Int, panels: Int) throws {
            self.build = build
            self.panels = panels
            used = panels * 16 / build.kernels.integersPerWord
            stride = used + 5
            words = try GuardedMemory(count: count * stride)
            scales = try GuardedMemory(count: count)
        }

        func operands(sourceStride: Int) -> QuantizedPixels {
            QuantizedPixels(
                count: scales.count, panelCount: panels, sourceStride: sourceStride, target: words.base,
                targetStride: stride, scales: scales.base)
        }

        func integers(_ pixel: Int, _ channels: Int) -> [Double] {
            build.pixel(words.constant + pixel * stride, channels)
        }

        /// Nothing was written but the pixels.
        var isClean: Bool {
            words.guardsAreIntact && scales.guardsAreIntact
                && (0..<words.count).allSatisfy { $0 % stride < used || words.isUntouched($0) }
        }
    }
}
