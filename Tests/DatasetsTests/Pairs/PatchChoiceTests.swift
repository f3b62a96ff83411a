import Datasets
import Images
import TestSupport
import Testing

@Suite("Patches")
struct PatchChoiceTests {
    private let fixture: PairFixture

    init() throws {
        fixture = try PairFixture()
    }

    @Test("Both pictures are cut at one place and mirrored alike; all places and mirrorings occur")
    func cuts() throws {
        try fixture.writeParallel(1, width: 20, height: 18)
        let source = try PairFolders(fixture.path())
        var corners: Set<[UInt8]> = []
        var mirrorings: Set<[Bool]> = []
        for position in 0..<600 {
            let choice = PatchChoice(.square(16), flips: true, seed: 9, epoch: 2, position: position)
            let pair = try source.pair(at: 0, choice)
            #expect(pair.width == 16 && pair.height == 16)
            // Blue tells the pictures apart; red and green are the place.
            #expect(
                zip(pair.degraded.samples, pair.clean.samples).enumerated().allSatisfy { index, samples in
                    index % 3 == 2 ? samples == (0, 1) : samples.0 == samples.1
                })
            let last = pair.clean.samples.suffix(3)
            let first = pair.clean.samples.prefix(3)
            corners.insert([min(first[0], last[last.startIndex]), min(first[1], last[last.startIndex + 1])])
            mirrorings.insert([first[0] > last[last.startIndex], first[1] > last[last.startIndex + 1]])
        }
        #expect(corners.count == 5 * 3)
        #expect(mirrorings.count == 4)
    }

    @Test("Without flips nothing is mirrored; places are those with flips")
    func noFlips() throws {
        try fixture.writeParallel(1, width: 40, height: 40)
        let source = try PairFolders(fixture.path())
        for position in 0..<50 {
            func pair(flips: Bool) throws -> Pair {
                try source.pair(
                    at: 0, PatchChoice(.square(8), flips: flips, seed: 1, epoch: 0, position: position))
            }
            let plain = try pair(flips: false)
            let samples = plain.clean.samples
            #expect(samples[0] < samples[3 * 7] && samples[1] < samples[3 * 8 * 7 + 1])
            // The same pixels, in another order.
            #expect(try pair(flips: true).clean.samples.sorted() == samples.sorted())
        }
    }

    @Test(
        "Full pictures are cut down to multiples of 8",
        arguments: [(8, 8), (9, 15), (31, 16), (24, 40)])
    func full(width: Int, height: Int) throws {
        try fixture.writeParallel(1, width: width, height: height)
        let source = try PairFolders(fixture.path())
        let pair = try source.pair(
            at: 0, PatchChoice(.full, flips: false, seed: 1, epoch: 0, position: 0))
        #expect(pair.width == width / 8 * 8 && pair.height == height / 8 * 8)
        let whole = try source.pair(at: 0, .whole(seed: 1, index: 0))
        #expect(whole.width == width && whole.height == height)
    }

    @Test("Pictures that are too small are told", arguments: [PatchExtent.full, .square(16)])
    func tooSmall(extent: PatchExtent) throws {
        try fixture.writeParallel(1, width: 24, height: 7)
        let source = try PairFolders(fixture.path())
        #expect(
            throws: DatasetError.tooSmall(
                name: "p0.png", size: PictureSize(width: 24, height: 7), extent: extent)
        ) {
            try source.pair(at: 0, PatchChoice(extent, flips: true, seed: 1, epoch: 0, position: 0))
        }
    }
}
