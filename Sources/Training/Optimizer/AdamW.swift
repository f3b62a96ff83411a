import Kernels
import Tensors

/// AdamW over all parameters of a store (Loshchilov & Hutter 2019), as PyTorch computes it. The decay applies to
/// every parameter, including norms and temperatures, as in the recipe.
package final class AdamW {
    package struct Settings: Sendable, Equatable, Codable {
        package var weightDecay = 1e-2
        package var firstDecay = 0.9
        package var secondDecay = 0.999
        package var epsilon = 1e-8

        package init() {}
    }

    package let settings: Settings
    /// The moving averages of the gradients and of their squares, in the store's order.
    package let firstMoment: AlignedBuffer
    package let secondMoment: AlignedBuffer
    /// The number of steps so far.
    package var stepCount = 0

    private let parameters: ParameterStore

    package init(parameters: ParameterStore, settings: Settings) throws(OutOfMemory) {
        self.parameters = parameters
        self.settings = settings
        firstMoment = try AlignedBuffer(count: parameters.count)
        secondMoment = try AlignedBuffer(count: parameters.count)
    }

    /// Updates the store's values from its gradients, which do not change.
    /// - Parameter gradientFactor: the factor by which the gradients are multiplied first, to undo a loss
    ///   scale and to clip.
    package func step(learningRate: Double, gradientFactor: Float = 1, team: WorkerTeam) {
        stepCount += 1
        let step = AdamStep(
            learningRate: learningRate, weightDecay: settings.weightDecay, firstDecay: settings.firstDecay,
            secondDecay: settings.secondDecay, epsilon: settings.epsilon, number: stepCount,
            gradientFactor: gradientFactor)
        step.apply(
            parameters: parameters.values, gradients: parameters.gradients, firstMoment: firstMoment,
            secondMoment: secondMoment, count: parameters.count, team: team)
    }
}
