import Tensors

/// The rows of a picture in pairs, as sums over its pixels read them in mixed precision, and their division into chunks of
/// whole pairs, over which a product is summed at a time. All depends on the picture's size alone.
struct RowPairs: Sendable {
    let height: Int
    let width: Int

    /// The pixels over which a product is summed at a time. They are more than in float32, because rounded features take half
    /// the memory and the matrix unit has to load and store its sums each time.
    private static let depth = 1024

    /// An odd last row is half a pair.
    var count: Int { (height + 1) / 2 }
    /// The pairs in a chunk; the last one may have fewer.
    var chunkLength: Int { min(count, max(1, Self.depth / (2 * width))) }
    var chunkCount: Int { (count + chunkLength - 1) / chunkLength }

    /// The pairs in a chunk.
    func pairs(_ chunk: Int) -> Range<Int> {
        chunk * chunkLength..<min((chunk + 1) * chunkLength, count)
    }

    /// The pixels of some pairs.
    func pixels(_ pairs: Range<Int>) -> Range<Int> {
        2 * pairs.lowerBound * width..<min(2 * pairs.upperBound, height) * width
    }

    /// Whether a pair has a second row.
    func hasSecond(_ pair: Int) -> Bool { 2 * pair + 1 < height }

    /// Calls `body` concurrently for runs of pairs of about `PixelChunks.depth` pixels, or of fewer if there would be less than
    /// four runs.
    func parallel(team: WorkerTeam, _ body: @Sendable (Range<Int>) -> Void) {
        let length = min(max(1, PixelChunks.depth / (2 * width)), (count + 3) / 4)
        team.run(count: (count + length - 1) / length) { task, _ in
            body(task * length..<min((task + 1) * length, count))
        }
    }
}
