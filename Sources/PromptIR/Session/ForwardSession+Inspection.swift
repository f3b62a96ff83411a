import Kernels
import Tensors

/// Access to a session's memory for tests.
extension ForwardSession {
    /// The place of a buffer in the arena, and the steps that use it.
    package struct ArenaBuffer: Sendable {
        package let steps: ClosedRange<Int>
        package let floats: Range<Int>
    }

    /// Returns every buffer of a pass over an image of this size, and the number of floats before the workers'
    /// scratch.
    package static func arenaBuffers(
        network: Network, height: Int, width: Int
    ) -> (buffers: [ArenaBuffer], arenaCount: Int) {
        let plan = plan(network: network, height: height, width: width)
        let buffers = plan.buffers.map {
            ArenaBuffer(steps: $0.lifetime, floats: $0.offset..<$0.offset + $0.count)
        }
        return (buffers, plan.arenaCount)
    }

    /// The bytes that the session holds now.
    package var allocatedByteCount: Int { 4 * (prepared?.arena.count ?? 0) }

    /// Runs a pass in which a buffer holds NaN before its first step and after its last one, and all scratch holds
    /// NaN before every step. A read of memory that was not written, or is no longer in use, then results in NaN.
    package func forwardOverPoison(_ input: ImageTensor) throws(NetworkError) -> ImageTensor {
        var output = ImageTensor(height: input.height, width: input.width)
        try run(input, into: &output) { prepared, index, step in
            let (plan, arena) = (prepared.plan, prepared.arena)
            func poison(_ range: Range<Int>) {
                (arena.base + range.lowerBound).update(repeating: .nan, count: range.count)
            }
            func poison(where isMeant: (ForwardPlan.Buffer) -> Bool) {
                for buffer in plan.buffers where isMeant(buffer) {
                    poison(buffer.offset..<buffer.offset + buffer.count)
                }
            }
            if index == 0 { poison(0..<arena.count) }
            poison { $0.lifetime.lowerBound == index }
            poison(plan.arenaCount..<arena.count)
            step()
            poison { $0.lifetime.upperBound == index }
        }
        return output
    }
}
