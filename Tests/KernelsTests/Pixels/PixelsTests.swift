import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite(.figures) struct PixelsTests {
    @Test(arguments: AwkwardSizes.channels, [1, 16, 20])
    func join(first: Int, second: Int) throws {
        let (height, width) = (3, 5)
        let a = Values.uniform("first", first * 15)
        let b = Values.uniform("second", second * 15)
        let one = try GuardedMap(a, channels: first, height: height, width: width, stride: 64)
        let two = try GuardedMap(b, channels: second, height: height, width: width)
        let target = try GuardedMap(channels: first + second, height: height, width: width)
        Pixels.join(one.map, two.map, target: target.map, pixels: 0..<4)
        #expect((4 * target.map.stride..<target.memory.count).allSatisfy(target.memory.isUntouched))
        Pixels.join(one.map, two.map, target: target.map, pixels: 4..<15)
        #expect(target.planes == a + b)
        #expect(target.paddingIsZero && target.guardsAreIntact)
        #expect(one.guardsAreIntact && two.guardsAreIntact)
    }

    @Test(arguments: AwkwardSizes.channels, AwkwardSizes.maps)
    func means(channels: Int, size: MapSize) throws {
        let values = Values.uniform("x", channels * size.pixelCount).map { $0 + 0.5 }
        let map = try GuardedMap(values, channels: channels, height: size.height, width: size.width)
        let means = try GuardedMemory(count: 2 * map.map.stride)
        Pixels.means(map.map, into: means.run)
        let x = Planes(values, channels: channels, height: size.height, width: size.width)
        // A row's sum, its scale, the sum of the rows, its scale.
        expectClose(
            Array(means.values.prefix(channels)), Reference.means(x),
            within: Rounding.sum(
                terms: size.width + size.height + 2, magnitudes: Reference.means(x.magnitudes)), "means")
        #expect(means.values[channels..<map.map.stride].allSatisfy { $0 == 0 })
        #expect(means.guardsAreIntact && map.guardsAreIntact)
    }

    @Test func addsARow() throws {
        let values = Values.uniform("x", 9 * 4)
        let map = try GuardedMap(values, channels: 9, height: 1, width: 4)
        let bias = Values.uniform("b", 9)
        Pixels.add(
            try PaddedRow(columns: Array(0..<9)) { bias[$0] }, to: map.memory.base, count: 4,
            stride: map.map.stride)
        #expect(map.planes == values.indices.map { values[$0] + bias[$0 / 4] })
        #expect(map.paddingIsZero && map.guardsAreIntact)
    }

    @Test func planesAreACopyInOrder() throws {
        let values = Values.uniform("x", 17 * 6)
        let map = try GuardedMap(values, channels: 17, height: 2, width: 3)
        #expect(Pixels.planes(map.map) == values)
        #expect(map.guardsAreIntact)
    }
}
