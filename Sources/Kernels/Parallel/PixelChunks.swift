import Tensors

/// Divides sums and passes over a picture's pixels by its size alone, so that every bit of a result is the same for
/// any number of threads.
enum PixelChunks {
    /// The number of pixels whose features stay in the second-level cache while a product is summed over them.
    static let depth = 256

    /// Calls `body` for runs of pixels of at most `depth`.
    @inline(__always)
    static func forEach(_ count: Int, _ body: (Range<Int>) -> Void) {
        var start = 0
        while start < count {
            let end = min(start + depth, count)
            body(start..<end)
            start = end
        }
    }

    /// Calls `body` concurrently for runs of `depth` pixels, or of fewer if there would be less than four runs.
    static func parallel(_ count: Int, team: WorkerTeam, _ body: @Sendable (Range<Int>) -> Void) {
        let length = min(depth, max(32, (count + 3) / 4))
        team.run(count: (count + length - 1) / length) { task, _ in
            body(task * length..<min((task + 1) * length, count))
        }
    }
}
