import PromptIR
import Restoration

/// How activations are held between forward and backward: as asked, or whatever fits.
package enum MemoryChoice: Sendable, Equatable {
    /// Kept where they fit within so many bytes, else computed again.
    case automatic(limit: Int)
    case always(MemoryPlan)

    func plan(
        parameters: ParameterStore, shape: BatchShape, precision: ActivationPrecision, threadCount: Int
    ) throws(TrainingError) -> MemoryPlan {
        guard case .automatic(let limit) = self else {
            if case .always(let plan) = self { return plan }
            return .keep
        }
        var needed = 0
        for plan in [MemoryPlan.keep, .recompute] {
            needed = GradientSession.bytes(
                parameters: parameters, shape: shape, memory: plan, precision: precision,
                threadCount: threadCount)
            if needed <= limit { return plan }
        }
        throw .tooMuchMemory(needed: needed, limit: limit)
    }
}
