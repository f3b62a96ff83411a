import Tensors

/// How sums and passes over a picture's pixels are cut: by its size alone, never by the number of threads, so that
/// every bit of a result is the same for any.
enum PixelChunks {
    /// Pixels whose features stay in the second-level cache while a product is summed over them.
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

    /// Calls `body` for runs of pixels side by side on `threadCount` threads.
    static func parallel(_ count: Int, threadCount: Int, _ body: @Sendable (Range<Int>) -> Void) {
        ParallelFor.run(count: (count + depth - 1) / depth, threadCount: threadCount) { task, _ in
            body(task * depth..<min((task + 1) * depth, count))
        }
    }
}
