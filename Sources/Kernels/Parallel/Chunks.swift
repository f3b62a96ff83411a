import Tensors

/// Divides long runs of floats into chunks of one size, so that sums are the same for any number of threads.
enum Chunks {
    /// The length of a chunk in floats, 128 KiB, so that the chunks of a few runs stay in the cache.
    private static let length = 1 << 15

    /// Calls `body` once with every chunk of `0..<count`, concurrently.
    static func run(count: Int, team: WorkerTeam, _ body: @Sendable (_ chunk: Range<Int>) -> Void) {
        team.run(count: chunkCount(count, length)) { task, _ in
            body(range(task, length, count: count))
        }
    }

    /// Returns the sum of the results of `body`, added in the order of the chunks.
    static func sum(
        count: Int, team: WorkerTeam, _ body: @Sendable (_ chunk: Range<Int>) -> Double
    ) -> Double {
        // The number of chunks is small enough for the partial sums to fit on the stack.
        let length = max(length, (count + 127) / 128)
        return Slots.sum(count: chunkCount(count, length)) { slots in
            team.run(count: slots.count) { task, _ in
                slots.put(body(range(task, length, count: count)), at: task)
            }
        }
    }

    private static func chunkCount(_ count: Int, _ length: Int) -> Int { (count + length - 1) / length }

    private static func range(_ chunk: Int, _ length: Int, count: Int) -> Range<Int> {
        chunk * length..<min(count, (chunk + 1) * length)
    }
}

/// Storage for the results of concurrent tasks.
struct Slots: @unchecked Sendable {
    // Unchecked because every task writes only its own place.

    private let places: UnsafeMutableBufferPointer<Double>

    var count: Int { places.count }

    /// Returns the sum of `count` places, which `body` fills. Allocates nothing on the heap for up to 128.
    static func sum(count: Int, _ body: (Slots) -> Void) -> Double {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { places in
            places.initialize(repeating: 0)
            body(Slots(places: places))
            return places.reduce(0, +)
        }
    }

    func put(_ value: Double, at index: Int) {
        places[index] = value
    }
}
