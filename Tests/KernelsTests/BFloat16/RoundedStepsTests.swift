import Kernels
import Products
import ReferenceKernels
import Testing

/// The float32 steps whose results are bfloat16: the norm, the depthwise convolution and the gate.
@Suite(.figures) struct RoundedStepsTests {
    @Test(arguments: BFloat16Build.runnable, AwkwardSizes.channels + [85, 127, 384])
    func norm(build: BFloat16Build, channels: Int) throws {
        for (offset, scale) in [(0.0, 1.0), (5.0, 0.1), (-300.0, 20.0)] {
            for subtractsMean in [true, false] {
                let (count, stride) = (18, (channels + 15) / 16 * 16)
                let values = BFloat16Bits.stored(
                    Values.uniform("norm", channels * count, scale: scale).map { $0 + Float(offset) },
                    in: .bfloat16)
                let input = try GuardedMap(
                    values, channels: channels, height: 1, width: count, precision: .bfloat16)
                let output = try GuardedMemory(count: count * (stride / 2 + 3))
                build.kernels.normalize(
                    input.memory.constant, inputStride: stride / 2, channels: channels, count: count,
                    subtractsMean: subtractsMean, epsilon: 1e-5, output: output.base,
                    outputStride: stride / 2 + 3)
                let twin = Reference.layerNorm(
                    Planes(values, channels: channels, height: 1, width: count),
                    weight: Array(repeating: 1, count: channels),
                    bias: subtractsMean ? Array(repeating: 0, count: channels) : nil)
                let results = (0..<channels).flatMap { channel in
                    (0..<count).map { pixel in
                        let word = output.base[pixel * (stride / 2 + 3) + channel / 2]
                        return channel % 2 == 0 ? BFloat16Bits.low(word) : BFloat16Bits.high(word)
                    }
                }
                // Close to its mean a value is as uncertain as the mean is.
                let uncertainty = Double(channels + 8) * Rounding.unit * (abs(offset) / scale + 4)
                expectClose(
                    results, twin.values,
                    within: twin.values.map { BFloat16Bits.tolerance($0) + uncertainty },
                    "layer norm to bfloat16")
                #expect(input.guardsAreIntact && output.guardsAreIntact)
                #expect(
                    (0..<output.count).allSatisfy {
                        $0 % (stride / 2 + 3) < stride / 2 || output.isUntouched($0)
                    })
            }
        }
    }

    @Test(arguments: BFloat16Build.runnable, [1, 2, 3, 16, 17, 64])
    func depthwise(build: BFloat16Build, count: Int) throws {
        let width = count + 2
        let values = Values.uniform("depthwise", 16 * 4 * width)
        let weights = Values.uniform("taps", 16 * 9)
        let bias = Values.uniform("bias", 16)
        let rows = try GuardedMap(values, channels: 16, height: 4, width: width)
        let taps = try GuardedMemory((0..<9 * 16).map { weights[$0 % 16 * 9 + $0 / 16] })
        let biases = try GuardedMemory(bias)
        let input = Planes(values, channels: 16, height: 4, width: width)
        let filter = Reference.Filter(weights, bias: bias)
        let twin = Reference.depthwise3x3(input, filter)
        let bound = Reference.depthwise3x3(input.magnitudes, filter.magnitudes)
        for rowCount in 1...2 {
            let pairs = try GuardedMemory(count: count * 16)
            for (form, words) in [
                (DepthwiseForm.floats, 16), (.channelPairs, 8), (.rowPairs, 16),
                (.bothPairs(rowPairs: pairs.base), 8),
            ] {
                let stride = words + 5
                let rowStride = count * stride + 3
                let output = try GuardedMemory(count: 2 * rowStride)
                func row(_ index: Int) -> UnsafePointer<Float> { rows.memory.constant + index * width * 16 }
                build.kernels.depthwise(
                    DepthwiseOperands(
                        row(0), row(1), row(2), rowCount == 2 ? row(3) : nil, count: count,
                        weights: taps.constant, bias: biases.constant, output: output.base,
                        outputStride: stride, outputRowStride: rowStride),
                    form: form)
                for y in 0..<rowCount {
                    var results: [Float] = []
                    var (expected, tolerances): ([Double], [Double]) = ([], [])
                    for x in 0..<count {
                        for channel in 0..<16 {
                            results.append(
                                Self.value(output, form, x * stride, y * rowStride, y: y, channel: channel))
                            expected.append(twin[channel, y + 1, x + 1])
                            let rounding = Rounding.sum(terms: 9, magnitudes: [bound[channel, y + 1, x + 1]])[
                                0]
                            tolerances.append(
                                rounding
                                    + (form == .floats
                                        ? 0 : BFloat16Bits.tolerance(twin[channel, y + 1, x + 1])))
                        }
                    }
                    expectClose(results, expected, within: tolerances, "depthwise 3×3, \(form)")
                }
                if form == .rowPairs && rowCount == 1 {
                    #expect(
                        (0..<count * 16).allSatisfy {
                            BFloat16Bits.high(output.base[$0 / 16 * stride + $0 % 16]) == 0
                        })
                }
                if case .bothPairs = form {
                    expectRowPairs(
                        pairs, of: output, stride: stride, rowStride: rowCount == 2 ? rowStride : nil)
                }
                #expect(output.guardsAreIntact && rows.guardsAreIntact && taps.guardsAreIntact)
                #expect(pairs.guardsAreIntact)
                let usedRows = form == .rowPairs ? 1 : rowCount
                #expect(
                    (0..<output.count).allSatisfy {
                        let (row, place) = ($0 / rowStride, $0 % rowStride)
                        return row < usedRows && place < count * stride && place % stride < words
                            || output.isUntouched($0)
                    })
            }
        }
    }

    /// - Parameter rowStride: nil if there is no second row.
    private func expectRowPairs(
        _ pairs: GuardedMemory, of output: GuardedMemory, stride: Int, rowStride: Int?
    ) {
        for index in pairs.values.indices {
            func result(_ row: Int) -> Float {
                Self.value(
                    output, .channelPairs, index / 16 * stride, row, y: 0, channel: index % 16)
            }
            let word = BFloat16Bits.word(result(0), rowStride.map(result) ?? 0)
            #expect(pairs.base[index].bitPattern == word.bitPattern)
        }
    }

    private static func value(
        _ output: GuardedMemory, _ form: DepthwiseForm, _ pixel: Int, _ row: Int, y: Int, channel: Int
    ) -> Float {
        switch form {
        case .floats: return output.base[row + pixel + channel]
        case .channelPairs, .bothPairs:
            let word = output.base[row + pixel + channel / 2]
            return channel % 2 == 0 ? BFloat16Bits.low(word) : BFloat16Bits.high(word)
        case .rowPairs:
            let word = output.base[pixel + channel]
            return y == 0 ? BFloat16Bits.low(word) : BFloat16Bits.high(word)
        }
    }

    /// The polynomial's error, and the rounding of the result.
    @Test(arguments: BFloat16Build.runnable, [1, 3, 64]) func gate(build: BFloat16Build, count: Int) throws {
        for scale in [1.0, 4, 12, 1000] {
            let a = Values.uniform("gate a", count * 16, scale: scale)
            let b = Values.uniform("gate b", count * 16, scale: 3)
            let output = try GuardedMemory(count: count * 11)
            let (first, second) = (try GuardedMemory(a), try GuardedMemory(b))
            let floats = try GuardedMemory(count: count * 19)
            build.kernels.gate(
                first.constant, second.constant, count: count, rounds: true, output: output.base,
                outputStride: 11)
            build.kernels.gate(
                first.constant, second.constant, count: count, rounds: false, output: floats.base,
                outputStride: 19)
            let results = a.indices.map { index in
                let word = output.base[index / 16 * 11 + index % 16 / 2]
                return index % 2 == 0 ? BFloat16Bits.low(word) : BFloat16Bits.high(word)
            }
            let exact = a.indices.map { floats.base[$0 / 16 * 19 + $0 % 16] }
            let expected = zip(a, b).map { Reference.gelu(Double($0)) * Double($1) }
            let polynomial = a.indices.map { index in
                max(1.6e-5, a[index] > 4.5 ? 5.1e-6 * Double(a[index]) : 0) * Double(abs(b[index]))
            }
            let roundings = expected.map(BFloat16Bits.tolerance)
            expectClose(
                results, expected, within: zip(polynomial, roundings).map(+), "gate to bfloat16")
            expectClose(
                exact, expected, within: zip(polynomial, expected).map { $0 + 4 * Rounding.unit * abs($1) },
                "gate to float32")
            #expect((0..<floats.count).allSatisfy { $0 % 19 < 16 || floats.isUntouched($0) })
            #expect(floats.guardsAreIntact)
            #expect(output.guardsAreIntact && first.guardsAreIntact && second.guardsAreIntact)
            #expect((0..<output.count).allSatisfy { $0 % 11 < 8 || output.isUntouched($0) })
        }
    }

    @Test(arguments: BFloat16Build.runnable) func gateKeepsNotANumber(build: BFloat16Build) throws {
        var a = [Float](repeating: -60, count: 16)
        a[5] = .nan
        let (first, second) = (try GuardedMemory(a), try GuardedMemory([Float](repeating: 2, count: 16)))
        let output = try GuardedMemory(count: 8)
        build.kernels.gate(
            first.constant, second.constant, count: 1, rounds: true, output: output.base, outputStride: 8)
        for index in 0..<16 {
            let word = output.base[index / 2]
            let result = index % 2 == 0 ? BFloat16Bits.low(word) : BFloat16Bits.high(word)
            #expect(index == 5 ? result.isNaN : result == 0)
        }
    }
}
