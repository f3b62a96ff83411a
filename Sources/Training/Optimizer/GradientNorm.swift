import Kernels

/// The length of all gradients together, as one vector: says whether they are numbers, and clips them.
package struct GradientNorm: Sendable, Equatable {
    /// L2, of the gradients without the loss scale.
    package let value: Double

    package var isFinite: Bool { value.isFinite }

    /// - Parameter scale: what the loss was multiplied by.
    package init(_ parameters: ParameterStore, scale: Double, team: WorkerTeam) {
        let sum = FlatVector.sumOfSquares(
            parameters.gradients, count: parameters.count, team: team)
        value = sum.squareRoot() / scale
    }

    /// What gradients are multiplied by so that their length is at most `limit`: PyTorch's `clip_grad_norm_`.
    package func clipFactor(limit: Double?) -> Double {
        guard let limit else { return 1 }
        return min(1, limit / (value + 1e-6))
    }
}
