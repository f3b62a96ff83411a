import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite(.figures) struct PixelsTests {
    @Test(arguments: AwkwardSizes.channels, [1, 16, 20])
    func join(first: Int, second: Int) throws {
        for precision in Precision.runnable { try join(first, second, precision) }
    }

    private func join(_ first: Int, _ second: Int, _ precision: Precision) throws {
        let (height, width) = (3, 5)
        let a = BFloat16Bits.stored(Values.uniform("first", first * 15), in: precision)
        let b = BFloat16Bits.stored(Values.uniform("second", second * 15), in: precision)
        let one = try GuardedMap(
            a, channels: first, height: height, width: width, stride: 64, precision: precision)
        let two = try GuardedMap(b, channels: second, height: height, width: width, precision: precision)
        let target = try GuardedMap(
            channels: first + second, height: height, width: width, precision: precision)
        Pixels.join(one.map, two.map, target: target.map, pixels: 0..<4)
        #expect((4 * target.map.stride..<target.memory.count).allSatisfy(target.memory.isUntouched))
        Pixels.join(one.map, two.map, target: target.map, pixels: 4..<15)
        #expect(target.planes == a + b)
        #expect(target.paddingIsZero && target.guardsAreIntact)
        #expect(one.guardsAreIntact && two.guardsAreIntact)
    }

    @Test(arguments: AwkwardSizes.channels, AwkwardSizes.maps)
    func means(channels: Int, size: MapSize) throws {
        for precision in Precision.runnable { try means(channels: channels, size: size, precision) }
    }

    private func means(channels: Int, size: MapSize, _ precision: Precision) throws {
        let values = BFloat16Bits.stored(
            Values.uniform("x", channels * size.pixelCount).map { $0 + 0.5 }, in: precision)
        let map = try GuardedMap(
            values, channels: channels, height: size.height, width: size.width, precision: precision)
        let means = try GuardedMemory(count: 2 * FeatureMap.paddedChannels(channels))
        Pixels.means(map.map, into: means.run)
        let x = Planes(values, channels: channels, height: size.height, width: size.width)
        // A row's sum, its scale, the sum of the rows, its scale.
        expectClose(
            Array(means.values.prefix(channels)), Reference.means(x),
            within: Rounding.sum(
                terms: size.width + size.height + 2, magnitudes: Reference.means(x.magnitudes)), "means")
        #expect(means.values[channels..<FeatureMap.paddedChannels(channels)].allSatisfy { $0 == 0 })
        #expect(means.guardsAreIntact && map.guardsAreIntact)
    }

    @Test(arguments: Precision.runnable) func addsARow(precision: Precision) throws {
        let values = BFloat16Bits.stored(Values.uniform("x", 9 * 4), in: precision)
        let map = try GuardedMap(values, channels: 9, height: 1, width: 4, precision: precision)
        let bias = Values.uniform("b", 9)
        Pixels.add(
            try PaddedRow(columns: Array(0..<9)) { bias[$0] }, to: map.map, at: map.memory.base, count: 4)
        let sums = values.indices.map { values[$0] + bias[$0 / 4] }
        #expect(map.planes == BFloat16Bits.stored(sums, in: precision))
        #expect(map.paddingIsZero && map.guardsAreIntact)
    }

    @Test func planesAreACopyInOrder() throws {
        let values = Values.uniform("x", 17 * 6)
        let map = try GuardedMap(values, channels: 17, height: 2, width: 3)
        #expect(Pixels.planes(map.map) == values)
        #expect(map.guardsAreIntact)
        let narrow = try GuardedMap(values, channels: 17, height: 2, width: 3, precision: .bfloat16)
        #expect(Pixels.planes(narrow.map) == BFloat16Bits.stored(values, in: .bfloat16))
    }
}
