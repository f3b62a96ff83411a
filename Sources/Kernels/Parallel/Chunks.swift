import Tensors

/// Long runs of floats in chunks of one size, whatever the number of threads: sums over them are the same for any.
enum Chunks {
    /// 128 KiB of each run that a loop walks along: a few of them stay in the cache.
    private static let length = 1 << 15

    /// Calls `body` once with every chunk of `0..<count`, side by side.
    static func run(count: Int, team: WorkerTeam, _ body: @Sendable (_ chunk: Range<Int>) -> Void) {
        team.run(count: chunkCount(count, length)) { task, _ in
            body(range(task, length, count: count))
        }
    }

    /// The sum of what `body` returns for every chunk, added in their order.
    static func sum(
        count: Int, team: WorkerTeam, _ body: @Sendable (_ chunk: Range<Int>) -> Double
    ) -> Double {
        // So few that the partial sums find room on the stack.
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

/// Places for the results of tasks that run side by side.
struct Slots: @unchecked Sendable {
    // Unchecked: every task writes its own place alone.

    private let places: UnsafeMutableBufferPointer<Double>

    var count: Int { places.count }

    /// The sum of `count` places, which `body` fills. Takes no memory from the heap for at most 128.
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
