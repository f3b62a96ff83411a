import Kernels
import ReferenceKernels
import Testing

@Suite(.figures) struct ResamplingTests {
    /// Beside the usual ones: one and two pixels, and rows around the sixteen that a step of doubling writes.
    static let sizes =
        AwkwardSizes.maps + AwkwardSizes.evenMaps
        + [(1, 2), (2, 1), (2, 3), (3, 2), (4, 19), (5, 20), (3, 21), (2, 36), (3, 37)].map(MapSize.init)

    @Test(arguments: sizes, [1, 3])
    func halvesAsItsTwin(size: MapSize, planeCount: Int) throws {
        let values = Values.uniform("x", planeCount * size.pixelCount)
        let source = try GuardedMemory(values)
        let twin = Reference.halved(
            Planes(values, channels: planeCount, height: size.height, width: size.width))
        #expect(
            twin.height == Resampling.halved(size.height) && twin.width == Resampling.halved(size.width))
        let target = try GuardedMemory(count: twin.values.count)
        Resampling.halve(
            source.constant, planeCount: planeCount, height: size.height, width: size.width,
            into: target.base)
        let magnitudes = Reference.halved(
            Planes(values, channels: planeCount, height: size.height, width: size.width).magnitudes)
        expectClose(
            target.values, twin.values, within: Rounding.sum(terms: 4, magnitudes: magnitudes.values), "halve"
        )
        #expect(source.guardsAreIntact && target.guardsAreIntact)
    }

    @Test(arguments: sizes, [1, 3])
    func doublesAsItsTwin(size: MapSize, planeCount: Int) throws {
        let (rows, columns) = (Resampling.halved(size.height), Resampling.halved(size.width))
        let values = Values.uniform("x", planeCount * rows * columns)
        let planes = Planes(values, channels: planeCount, height: rows, width: columns)
        let source = try GuardedMemory(values)
        let twin = Reference.doubled(planes, height: size.height, width: size.width)
        let bounds = Rounding.sum(
            terms: 4,
            magnitudes: Reference.doubled(planes.magnitudes, height: size.height, width: size.width).values)
        let target = try GuardedMemory(count: twin.values.count)
        target.base.update(repeating: 0, count: twin.values.count)
        Resampling.addDoubled(
            source.constant, planeCount: planeCount, height: size.height, width: size.width, to: target.base)
        expectClose(target.values, twin.values, within: bounds, "double")
        #expect(source.guardsAreIntact && target.guardsAreIntact)

        let addend = Values.uniform("y", twin.values.count)
        let sum = try GuardedMemory(addend)
        Resampling.addDoubled(
            source.constant, planeCount: planeCount, height: size.height, width: size.width, to: sum.base)
        #expect(sum.values == zip(addend, target.values).map(+))
        #expect(source.guardsAreIntact && sum.guardsAreIntact)
    }

    /// Nothing may be lost or added by going down and up: neither a constant nor a zero that is added.
    @Test(arguments: sizes) func constantsAndZerosStayExact(size: MapSize) throws {
        let (rows, columns) = (Resampling.halved(size.height), Resampling.halved(size.width))
        let constant: Float = 0.123_456_7
        let fine = try GuardedMemory([Float](repeating: constant, count: size.pixelCount))
        let coarse = try GuardedMemory(count: rows * columns)
        Resampling.halve(
            fine.constant, planeCount: 1, height: size.height, width: size.width, into: coarse.base)
        #expect(coarse.values.allSatisfy { $0 == constant })
        let back = try GuardedMemory(count: size.pixelCount)
        back.base.update(repeating: 0, count: size.pixelCount)
        Resampling.addDoubled(
            coarse.constant, planeCount: 1, height: size.height, width: size.width, to: back.base)
        #expect(back.values.allSatisfy { $0 == constant })

        let values = Values.uniform("x", size.pixelCount)
        let sum = try GuardedMemory(values)
        let zeros = try GuardedMemory([Float](repeating: 0, count: rows * columns))
        Resampling.addDoubled(
            zeros.constant, planeCount: 1, height: size.height, width: size.width, to: sum.base)
        #expect(sum.values == values)
    }
}
