import Kernels
import PromptIR
import Restoration

/// Whether activations are kept between the passes: as requested, or as memory allows.
package enum MemoryChoice: Sendable, Equatable {
    /// Keeps them if they fit within a number of bytes; otherwise they are computed again.
    case automatic(limit: Int)
    case always(MemoryPlan)

    /// Returns the plan for a shape, and the bytes that its session needs.
    ///
    /// - Parameter occupied: the bytes in use by other sessions.
    /// - Throws: `TrainingError.tooMuchMemory` if no plan fits.
    func plan(
        parameters: ParameterStore, shape: BatchShape, precision: TrainingPrecision, threadCount: Int,
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

    /// Returns the choice for each of several processes on one machine.
    func shared(by processCount: Int) -> MemoryChoice {
        if case .automatic(let limit) = self { .automatic(limit: limit / max(1, processCount)) } else { self }
    }
}
