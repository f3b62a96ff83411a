import Kernels
import ReferenceKernels
import Tensors
import Testing

/// Rearrangements are permutations: their twins tell where each value goes, and the way back undoes them.
@Suite struct RearrangementTests {
    @Test(arguments: [1, 4, 7, 16, 20], AwkwardSizes.evenMaps.prefix(4))
    func shuffleAndBack(channels: Int, size: MapSize) throws {
        let values = Values.uniform("x", 4 * channels * size.pixelCount)
        let source = try GuardedMap(values, channels: 4 * channels, height: size.height, width: size.width)
        let large = try GuardedMap(channels: channels, height: 2 * size.height, width: 2 * size.width)
        let back = try GuardedMap(channels: 4 * channels, height: size.height, width: size.width)
        PixelShuffle.shuffle(source.map, into: large.map, team: WorkerTeam(threadCount: 2))
        PixelShuffle.unshuffle(large.map, into: back.map, team: WorkerTeam(threadCount: 2))
        let planes = Planes(values, channels: 4 * channels, height: size.height, width: size.width)
        #expect(large.planes.doubles == Reference.pixelShuffle(planes).values)
        #expect(back.planes == values)
        for map in [source, large, back] { #expect(map.paddingIsZero && map.guardsAreIntact) }
    }

    @Test(arguments: [(3, 5), (16, 16), (17, 9)])
    func splitUndoesJoin(channels: (Int, Int)) throws {
        let (height, width) = (3, 5)
        func map(_ name: String, _ channels: Int) throws -> GuardedMap {
            try GuardedMap(
                Values.uniform(name, channels * height * width), channels: channels, height: height,
                width: width)
        }
        let (first, second) = (try map("a", channels.0), try map("b", channels.1))
        let joined = try GuardedMap(channels: channels.0 + channels.1, height: height, width: width)
        Pixels.join(first.map, second.map, target: joined.map, pixels: 0..<height * width)
        let part = try GuardedMap(channels: channels.0, height: height, width: width)
        let sum = try map("c", channels.1)
        let before = sum.planes
        Pixels.split(
            joined.map, first: part.map, adding: false, second: sum.map, adding: true,
            pixels: 0..<height * width)
        #expect(part.planes == first.planes)
        #expect(sum.planes == zip(before, second.planes).map { $0 + $1 })
        for map in [joined, part, sum] { #expect(map.paddingIsZero && map.guardsAreIntact) }
    }

    /// bfloat16 carries 8 bits; what it can hold comes back as it was.
    @Test func keptFeaturesAreRoundedToNearest() throws {
        let values = Values.uniform("x", 92) + [0, -0.5, 65_536, .infinity]
        let (source, target) = (try GuardedMemory(values), try GuardedMemory(count: values.count))
        let rounded = try GuardedMemory(count: RoundedFeatures.floatCount(values.count))
        RoundedFeatures.store(source.run, count: values.count, into: rounded.run)
        RoundedFeatures.load(rounded.run, count: values.count, into: target.run)
        for (value, back) in zip(values, target.values) {
            #expect(value == back || abs(value - back) <= abs(value) * 0x1p-8)
        }
        #expect(target.values.suffix(4) == values.suffix(4))
        #expect(rounded.guardsAreIntact && target.guardsAreIntact)
    }
}
