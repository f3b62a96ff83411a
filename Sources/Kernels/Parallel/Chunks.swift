import Tensors

/// Long runs of floats in chunks of one size, whatever the number of threads: sums over them are the same for any.
enum Chunks {
    /// 128 KiB of each run that a loop walks along: a few of them stay in the cache.
    private static let length = 1 << 15

    /// Calls `body` once with every chunk of `0..<count`, on at most `threadCount` threads.
    static func run(count: Int, threadCount: Int, _ body: @Sendable (_ chunk: Range<Int>) -> Void) {
        ParallelFor.run(count: chunkCount(count), threadCount: threadCount) { task, _ in
            body(range(task, count: count))
        }
    }

    /// The sum of what `body` returns for every chunk, added in their order.
    static func sum(
        count: Int, threadCount: Int, _ body: @Sendable (_ chunk: Range<Int>) -> Double
    ) -> Double {
        var partial = [Double](repeating: 0, count: chunkCount(count))
        partial.withUnsafeMutableBufferPointer { buffer in
            let slots = Slots(buffer)
            ParallelFor.run(count: buffer.count, threadCount: threadCount) { task, _ in
                slots.put(body(range(task, count: count)), at: task)
            }
        }
        return partial.reduce(0, +)
    }

    private static func chunkCount(_ count: Int) -> Int { (count + length - 1) / length }

    private static func range(_ chunk: Int, count: Int) -> Range<Int> {
        chunk * length..<min(count, (chunk + 1) * length)
    }
}

/// Places for the results of tasks that run side by side.
struct Slots: @unchecked Sendable {
    // Unchecked: every task writes its own place alone.

    private let places: UnsafeMutableBufferPointer<Double>

    init(_ places: UnsafeMutableBufferPointer<Double>) {
        self.places = places
    }

    func put(_ value: Double, at index: Int) {
        places[index] = value
    }
}
