import PromptIR
import Restoration

/// How activations are held between forward and backward: as asked, or whatever fits.
package enum MemoryChoice: Sendable, Equatable {
    /// Kept where they fit within so many bytes, else computed again.
    case automatic(limit: Int)
    case always(MemoryPlan)

    /// The plan for a shape, and the bytes that a session of it takes.
    ///
    /// - Parameter occupied: bytes that other sessions hold.
    /// - Throws: `TrainingError.tooMuchMemory` where no plan fits.
    func plan(
        parameters: ParameterStore, shape: BatchShape, precision: ActivationPrecision, threadCount: Int,
        occupied: Int
    ) throws(TrainingError) -> (plan: MemoryPlan, byteCount: Int) {
        func byteCount(_ plan: MemoryPlan) -> Int {
            GradientSession.bytes(
                parameters: parameters, shape: shape, memory: plan, precision: precision,
                threadCount: threadCount)
        }
        switch self {
        case .always(let plan):
            return (plan, byteCount(plan))
        case .automatic(let limit):
            var needed = 0
            for plan in [MemoryPlan.keep, .recompute] {
                needed = byteCount(plan)
                if needed <= limit - occupied { return (plan, needed) }
            }
            throw .tooMuchMemory(needed: needed, limit: limit)
        }
    }

    /// The same for each of several processes of one machine.
    func shared(by processCount: Int) -> MemoryChoice {
        if case .automatic(let limit) = self { .automatic(limit: limit / max(1, processCount)) } else { self }
    }
}
