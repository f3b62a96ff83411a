import Kernels
import Tensors

/// The view that tests need of a session: its memory, and the features inside.
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
    package var allocatedByteCount: Int { 4 * (arena?.count ?? 0) }

    /// Runs the network and passes the features after every stage to `body`: (module, channels, H, W, values in (C,
    /// H, W) order).
    package func forwardWithStages(
        _ input: ImageTensor, _ body: (String, Int, Int, Int, [Float]) -> Void
    ) throws(NetworkError) -> ImageTensor {
        var output = ImageTensor(height: input.height, width: input.width)
        try run(input, into: &output) { prepared, index, step in
            step()
            for stage in prepared.plan.outputs where stage.step == index {
                let map = prepared.plan.map(stage.buffer, in: prepared.arena)
                body(stage.module, map.channels, map.height, map.width, Pixels.planes(map))
            }
        }
        return output
    }

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
