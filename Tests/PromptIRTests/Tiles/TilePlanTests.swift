import PromptIR
import Tensors
import Testing

@Suite("Tile plan")
struct TilePlanTests {
    static let lengths = [
        1, 2, 7, 8, 9, 63, 64, 65, 71, 72, 73, 95, 96, 97, 100, 127, 128, 129, 200, 255, 256, 1000,
    ]
    static let overlaps = [0, 1, 8, 31, 32]

    @Test(
        "every pixel is covered, spans are aligned, of full size and overlap enough", arguments: lengths,
        overlaps)
    func spans(length: Int, overlap: Int) {
        let tile = 64
        let axis = TilePlan(height: length, width: 8, tile: tile, overlap: overlap).rows
        let shared = (overlap + 7) / 8 * 8
        #expect(axis.spans.first?.start == 0)
        #expect(axis.spans.last?.end == length)
        for span in axis.spans {
            #expect(span.start % NetworkSide.unit == 0)
            #expect(span.count <= tile)
            #expect(axis.spans.count == 1 || span.count > tile - NetworkSide.unit)
        }
        for (before, after) in zip(axis.spans, axis.spans.dropFirst()) {
            #expect(before.end - after.start >= shared)
            #expect(after.start > before.start)
        }
        // No more tiles than the overlap forces.
        let needed =
            length <= tile ? 1 : 1 + ((length - tile + 7) / 8 * 8 + tile - shared - 1) / (tile - shared)
        #expect(axis.spans.count == needed)
    }

    @Test("shares are positive and add up to one at every pixel", arguments: lengths, overlaps)
    func shares(length: Int, overlap: Int) {
        let axis = TilePlan(height: length, width: 8, tile: 64, overlap: overlap).rows
        var sums = [Double](repeating: 0, count: length)
        for (span, shares) in zip(axis.spans, axis.shares()) {
            #expect(shares.count == span.count)
            #expect(shares.allSatisfy { $0 > 0 && $0 <= 1 })
            for (position, share) in zip(span.range, shares) {
                sums[position] += Double(share)
            }
        }
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
    }

    @Test("shares rise like 3t² − 2t³ across an overlap of half a tile")
    func smooth() {
        // Two spans, 0..<64 and 32..<96: 32 shared pixels.
        let axis = TileAxis(length: 96, tile: 64, overlap: 32)
        #expect(axis.spans == [TileSpan(start: 0, count: 64), TileSpan(start: 32, count: 64)])
        let rising = axis.shares()[1].prefix(32)
        for (index, share) in rising.enumerated() {
            let t = (Float(index) + 0.5) / 32
            #expect(abs(share - t * t * (3 - 2 * t)) < 1e-6)
        }
    }

    @Test("shares have no bend, neither where a tile ends nor elsewhere", arguments: lengths, overlaps)
    func bends(length: Int, overlap: Int) {
        let axis = TilePlan(height: length, width: 8, tile: 64, overlap: overlap).rows
        for (index, (span, shares)) in zip(axis.spans, axis.shares()).enumerated() {
            var padded = [Float](repeating: 0, count: length)
            padded.replaceSubrange(span.range, with: shares)
            // Linear weights bend by 1 / shared, and these by 6 / shared²; more where three intervals meet.
            let neighbours = axis.spans[max(0, index - 1)...min(axis.spans.count - 1, index + 1)]
            let shared = zip(neighbours, neighbours.dropFirst()).map { $0.end - $1.start }.min() ?? 64
            guard shared >= 16 else { continue }
            let slopes = zip(padded, padded.dropFirst()).map { $1 - $0 }
            let bend = zip(slopes, slopes.dropFirst()).map { abs($1 - $0) }.max() ?? 0
            #expect(bend <= 12 / Float(shared * shared))
        }
    }

    @Test("overlaps beyond half of the tile are cut to half")
    func overlapBound() {
        let plan = TilePlan(height: 300, width: 300, tile: 64, overlap: 1000)
        #expect(plan == TilePlan(height: 300, width: 300, tile: 64, overlap: 32))
        #expect(TilePlan(height: 300, width: 300, tile: 72, overlap: 36).largestTile == (72, 72))
    }

    @Test(
        "tiles of an unchanged image become the image again",
        arguments: [(1, 1), (65, 7), (130, 200), (64, 64)])
    func identity(height: Int, width: Int) {
        let image = ImageTensor.noise(height: height, width: width)
        let plan = TilePlan(height: height, width: width, tile: 64, overlap: 24)
        var count = 0
        let result = plan.run(image) { tile in
            count += 1
            #expect(tile.height <= 64 && tile.width <= 64)
            return tile
        }
        #expect(count == plan.tileCount)
        #expect(result.largestDifference(to: image) < 1e-6)
    }

    @Test("results that differ from tile to tile are blended without a step at tile borders")
    func noStep() {
        let (height, width) = (200, 264)
        let image = ImageTensor(height: height, width: width)
        let plan = TilePlan(height: height, width: width, tile: 96, overlap: 32)
        // The worst there is on a smooth picture: every tile comes out with a brightness of its own.
        var index = 0
        let levels: [Float] = [0.2, 0.8, 0.4, 0.9, 0.1, 0.6]
        let result = plan.run(image) { tile in
            defer { index += 1 }
            return ImageTensor(
                height: tile.height, width: tile.width,
                values: Array(repeating: levels[index % levels.count], count: tile.values.count))
        }
        // A jump of 0.8 over 32 pixels or more: no neighbours may differ by more than the slope of 3t² − 2t³, and
        // the slope may not change as it would at the end of a straight line, by 0.8 / 32.
        let slope: Float = 1.5 * 0.8 / 32 + 1e-5
        let bend: Float = 0.4 * 0.8 / 32
        for row in 0..<height {
            for column in 1..<width - 1 {
                let place = row * width + column
                let (before, here, after) = (
                    result.values[place - 1], result.values[place], result.values[place + 1]
                )
                #expect(abs(after - here) <= slope && abs(before - 2 * here + after) <= bend)
            }
        }
        for row in 1..<height - 1 {
            for column in 0..<width {
                let place = row * width + column
                let (above, here, below) = (
                    result.values[place - width], result.values[place], result.values[place + width]
                )
                #expect(abs(below - here) <= slope && abs(above - 2 * here + below) <= bend)
            }
        }
    }

    @Test("errors of the body come through")
    func failure() {
        struct Broken: Error {}
        let plan = TilePlan(height: 100, width: 100, tile: 64, overlap: 0)
        #expect(throws: Broken.self) {
            try plan.run(ImageTensor(height: 100, width: 100)) { _ throws(Broken) in throw Broken() }
        }
    }
}

@Suite("Tile mode")
struct TileModeTests {
    @Test("parses what it prints, refuses the rest")
    func parsing() {
        for mode in [TileMode.auto, .off, .size(64), .size(512)] {
            #expect(TileMode(mode.description) == mode)
        }
        for text in ["", "Auto", "63", "-1", "0", "1e3", "99999999999999999999"] {
            #expect(TileMode(text) == nil)
        }
    }

    @Test(
        "auto takes the whole image where it fits, the largest fitting tile otherwise, the smallest at last")
    func automatic() {
        let byteCount = { (height: Int, width: Int) in 1200 * height * width }
        let whole = byteCount(3000, 4000)
        func plan(limit: Int) -> TilePlan? {
            TileMode.auto.plan(
                height: 3000, width: 4000, overlap: 32, memoryLimit: limit, byteCount: byteCount)
        }
        #expect(plan(limit: whole) == nil)
        #expect(plan(limit: whole - 1)?.largestTile.height == 2048)
        #expect(plan(limit: byteCount(512, 512))?.largestTile.height == 512)
        #expect(plan(limit: 1)?.largestTile.height == 64)
    }

    @Test("off never tiles, a size always plans, whatever the limit")
    func fixed() {
        func plan(_ mode: TileMode) -> TilePlan? {
            mode.plan(height: 100, width: 300, overlap: 16, memoryLimit: 1) { _, _ in Int.max }
        }
        #expect(plan(.off) == nil)
        #expect(plan(.size(128)) == TilePlan(height: 100, width: 300, tile: 128, overlap: 16))
    }
}
