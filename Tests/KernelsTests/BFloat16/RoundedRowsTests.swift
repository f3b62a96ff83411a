import Kernels
import ReferenceKernels
import Testing

@Suite(.figures) struct RoundedRowsTests {
    /// Numbers at which rounding goes wrong: ties to even and to odd, the carry into the exponent, the overflow to
    /// infinity, subnormal numbers, both zeros.
    static let awkward: [Float] = {
        let bits: [UInt32] = [
            0x3F80_0000, 0x3F80_7FFF, 0x3F80_8000, 0x3F80_8001, 0x3F81_8000, 0x3F81_7FFF, 0x3FFF_8000,
            0x7F7F_8000, 0x7F7F_7FFF, 0x7F7F_FFFF, 0x7F80_0000, 0x0000_0001, 0x007F_FFFF, 0x0080_0000, 0,
            0x0080_8000,
        ]
        return bits.map(Float.init(bitPattern:)) + bits.map { Float(bitPattern: $0 | 0x8000_0000) }
    }()

    @Test(arguments: BFloat16Build.runnable) func roundsToNearestEven(build: BFloat16Build) throws {
        let values = Self.awkward + Values.uniform("round", 160)
        let words = try rounded(values, build)
        for (index, value) in values.enumerated() {
            let word = words[index / 2]
            let result = index % 2 == 0 ? BFloat16Bits.low(word) : BFloat16Bits.high(word)
            let expected = Float(Reference.bfloat16(Double(value)))
            // 0x7F7F8000 is a tie between the largest bfloat16 and infinity, and rounds to what is even.
            let bits =
                value.magnitude.bitPattern < 0x7F7F_8000
                ? expected.bitPattern : (value < 0 ? -Float.infinity : .infinity).bitPattern
            #expect(result.bitPattern == bits, "\(value)")
        }
    }

    @Test(arguments: BFloat16Build.runnable) func notANumberStaysOne(build: BFloat16Build) throws {
        var values = [Float](repeating: 1, count: 16)
        values[3] = Float(bitPattern: 0x7F80_0001)
        values[6] = Float(bitPattern: 0xFFFF_FFFF)
        let words = try rounded(values, build)
        for index in values.indices {
            let word = words[index / 2]
            let result = index % 2 == 0 ? BFloat16Bits.low(word) : BFloat16Bits.high(word)
            #expect(result.isNaN == (index == 3 || index == 6))
        }
    }

    @Test(arguments: BFloat16Build.runnable, [1, 2, 3, 8, 17])
    func pairsRowsInPlace(build: BFloat16Build, depth: Int) throws {
        for panels in 1...3 {
            let values = Values.uniform("pairs", panels * depth * 16)
            let memory = try GuardedMemory(values)
            build.kernels.pairRows(memory.base, depth: depth, panelCount: panels)
            let steps = (depth + 1) / 2
            for panel in 0..<panels {
                for step in 0..<steps {
                    for lane in 0..<16 {
                        let source = (panel * depth + 2 * step) * 16 + lane
                        let high = 2 * step + 1 < depth ? values[source + 16] : 0
                        #expect(
                            memory.base[(panel * steps + step) * 16 + lane].bitPattern
                                == BFloat16Bits.word(values[source], high).bitPattern)
                    }
                }
            }
            #expect(memory.guardsAreIntact)
        }
    }

    /// Words of two neighbours.
    private static func words(_ name: String, count: Int) throws -> GuardedMemory {
        let values = Values.uniform(name, 2 * count)
        return try GuardedMemory(
            (0..<count).map { BFloat16Bits.word(values[2 * $0], values[2 * $0 + 1]) })
    }

    @Test(arguments: BFloat16Build.runnable, [1, 2, 7, 64])
    func addsSquares(build: BFloat16Build, count: Int) throws {
        let words = try Self.words("squares", count: count * 16)
        let before = Values.uniform("before", 16)
        let sums = try GuardedMemory(before)
        build.kernels.addSquares(words.constant, count: count, to: sums.base)
        let expected = (0..<16).map { lane in
            (0..<count).reduce(Double(before[lane])) { sum, row in
                let word = words.base[row * 16 + lane]
                let (low, high) = (Double(BFloat16Bits.low(word)), Double(BFloat16Bits.high(word)))
                return sum + low * low + high * high
            }
        }
        expectClose(
            sums.values, expected,
            within: Rounding.sum(terms: 2 * count + 2, magnitudes: expected.map { $0 + 2 }),
            "squares of bfloat16")
        #expect(words.guardsAreIntact && sums.guardsAreIntact)
    }

    @Test(arguments: BFloat16Build.runnable, [1, 2, 7, 64])
    func addsHalves(build: BFloat16Build, count: Int) throws {
        let words = try Self.words("halves", count: count * 16)
        let before = Values.uniform("before", 16)
        let sums = try GuardedMemory(before)
        build.kernels.addHalves(words.constant, count: count, to: sums.base)
        func total(_ lane: Int, _ part: (Double) -> Double) -> Double {
            (0..<count).reduce(part(Double(before[lane]))) { sum, row in
                let word = words.base[row * 16 + lane]
                return sum + part(Double(BFloat16Bits.low(word))) + part(Double(BFloat16Bits.high(word)))
            }
        }
        expectClose(
            sums.values, (0..<16).map { total($0) { $0 } },
            within: Rounding.sum(terms: 2 * count + 2, magnitudes: (0..<16).map { total($0, abs) }),
            "halves of words")
        #expect(words.guardsAreIntact && sums.guardsAreIntact)
    }

    @Test(arguments: BFloat16Build.runnable, [1, 2, 17])
    func addsScaledPixels(build: BFloat16Build, count: Int) throws {
        let stride = 11
        let values = BFloat16Bits.stored(Values.uniform("scaled", count * 16), in: .bfloat16)
        let words = try GuardedMemory(count: count * stride)
        for index in 0..<count * 8 {
            words.base[index / 8 * stride + index % 8] = BFloat16Bits.word(
                values[2 * index], values[2 * index + 1])
        }
        let row = try GuardedMemory(Values.uniform("factors", 16))
        let before = Values.uniform("before", count * 16)
        let target = try GuardedMemory(before)
        build.kernels.addScaled(
            words.constant, stride: stride, count: count, by: row.constant, to: target.base)
        for index in values.indices {
            let expected = before[index].addingProduct(values[index], row.base[index % 16])
            #expect(target.base[index].bitPattern == expected.bitPattern)
        }
        #expect(words.guardsAreIntact && row.guardsAreIntact && target.guardsAreIntact)
    }

    @Test(arguments: BFloat16Build.runnable, [1, 2, 17])
    func pairsPixels(build: BFloat16Build, count: Int) throws {
        let (stride, targetStride) = (19, 21)
        let values = Values.uniform("pixels", 2 * count * stride)
        let source = try GuardedMemory(values)
        for hasSecond in [true, false] {
            let target = try GuardedMemory(count: count * targetStride)
            build.kernels.pairPixels(
                source.constant, hasSecond ? source.constant + count * stride : nil, count: count,
                stride: stride, into: target.base, targetStride: targetStride)
            for index in 0..<count * targetStride {
                let (pixel, lane) = (index / targetStride, index % targetStride)
                guard lane < 16 else {
                    #expect(target.isUntouched(index))
                    continue
                }
                let place = pixel * stride + lane
                let word = BFloat16Bits.word(values[place], hasSecond ? values[count * stride + place] : 0)
                #expect(target.base[index].bitPattern == word.bitPattern)
            }
            #expect(source.guardsAreIntact && target.guardsAreIntact)
        }
    }

    @Test(arguments: BFloat16Build.runnable) func widensWhatItRounds(build: BFloat16Build) throws {
        let values = BFloat16Bits.stored(Self.awkward + Values.uniform("widen", 160), in: .bfloat16)
        let words = try GuardedMemory(try rounded(values, build))
        let floats = try GuardedMemory(count: values.count)
        build.kernels.widen(words.constant, count: values.count, into: floats.base)
        #expect(floats.values.map(\.bitPattern) == values.map(\.bitPattern))
        #expect(words.guardsAreIntact && floats.guardsAreIntact)
    }

    @Test(arguments: BFloat16Build.runnable, [1, 2, 5]) func addsARow(build: BFloat16Build, panels: Int)
        throws
    {
        let channels = panels * 16
        let values = BFloat16Bits.stored(Values.uniform("pixels", channels * 6), in: .bfloat16)
        let row = try GuardedMemory(Values.uniform("row", channels))
        let map = try GuardedMap(
            values, channels: channels, height: 1, width: 6, stride: channels + 32, precision: .bfloat16)
        build.kernels.add(
            row.constant, panelCount: panels, to: map.memory.base, count: 6, stride: map.map.stride)
        let sums = values.indices.map { values[$0] + row.values[$0 / 6] }
        #expect(map.planes == BFloat16Bits.stored(sums, in: .bfloat16))
        #expect(map.guardsAreIntact && row.guardsAreIntact)
    }

    @Test(arguments: BFloat16Build.runnable, [1, 2, 5])
    func sumsPixels(build: BFloat16Build, panels: Int) throws {
        let channels = panels * 16
        let values = BFloat16Bits.stored(Values.uniform("pixels", channels * 9), in: .bfloat16)
        let map = try GuardedMap(
            values, channels: channels, height: 1, width: 9, stride: channels + 32, precision: .bfloat16)
        let sums = try GuardedMemory(count: channels)
        build.kernels.sums(
            map.memory.constant, panelCount: panels, count: 9, stride: map.map.stride, into: sums.base)
        let expected = (0..<channels).map { channel in
            (0..<9).reduce(Float(0)) { $0 + values[channel * 9 + $1] }
        }
        #expect(sums.values == expected && sums.guardsAreIntact && map.guardsAreIntact)
    }

    private func rounded(_ values: [Float], _ build: BFloat16Build) throws -> [Float] {
        let source = try GuardedMemory(values)
        let target = try GuardedMemory(count: values.count / 2)
        build.kernels.round(source.constant, count: values.count, into: target.base)
        #expect(source.guardsAreIntact && target.guardsAreIntact)
        return target.values
    }
}
