import Kernels

/// The length of all gradients as one vector. It shows whether they are finite, and clips them.
package struct GradientNorm: Sendable, Equatable {
    /// The L2 norm of the gradients without the loss scale.
    package let value: Double

    package var isFinite: Bool { value.isFinite }

    /// - Parameter scale: the factor by which the loss was multiplied.
    package init(_ parameters: ParameterStore, scale: Double, team: WorkerTeam) {
        let sum = FlatVector.sumOfSquares(
            parameters.gradients, count: parameters.count, team: team)
        value = sum.squareRoot() / scale
    }

    /// Returns the factor that limits the length of the gradients to `limit`, as PyTorch's `clip_grad_norm_` does.
    package func clipFactor(limit: Double?) -> Double {
        guard let limit else { return 1 }
        return min(1, limit / (value + 1e-6))
    }
}
