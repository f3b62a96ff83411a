import Kernels
import Tensors

/// Moves the parameters of a store against their gradients, by AdamW alone or by Muon and AdamW.
package final class Optimizer {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// AdamW for every parameter (Loshchilov & Hutter 2019), as PyTorch computes it.
        case adamw
        /// Muon for the matrices, AdamW for the rest.
        case muon
    }

    /// The decay applies to every parameter, including norms and temperatures, as in the recipe.
    package struct Settings: Sendable, Equatable {
        package var kind = Kind.adamw
        package var weightDecay = 1e-2
        package var firstDecay = 0.9
        package var secondDecay = 0.999
        package var epsilon = 1e-8

        package init() {}
    }

    package let settings: Settings
    /// Moving averages of the gradients and, for AdamW's parameters, of their squares, in the store's order.
    package let firstMoment: AlignedBuffer
    package let secondMoment: AlignedBuffer
    /// The number of steps so far.
    package var stepCount = 0

    private let parameters: ParameterStore
    private let muon: Muon?
    /// The parameters that AdamW moves.
    private let ranges: [Range<Int>]

    package init(parameters: ParameterStore, settings: Settings) throws(OutOfMemory) {
        self.parameters = parameters
        self.settings = settings
        let muon = settings.kind == .muon ? Muon(matrices: MuonMatrix.all(in: parameters)) : nil
        self.muon = muon
        ranges = (muon?.matrices ?? []).rangesBetween(end: parameters.count)
        firstMoment = try AlignedBuffer(count: parameters.count)
        secondMoment = try AlignedBuffer(count: parameters.count)
    }

    /// Moves the store's values against its gradients, which do not change.
    /// - Parameter gradientFactor: factor by which the gradients are multiplied first, to undo a loss scale and to
    ///   clip.
    /// - Throws: `OutOfMemory`, at the first step with so many threads. Nothing has then changed.
    package func step(
        learningRate: Double, gradientFactor: Float = 1, team: WorkerTeam
    ) throws(OutOfMemory) {
        try muon?.prepare(threadCount: team.threadCount)
        stepCount += 1
        muon?.step(
            parameters: parameters.values, gradients: parameters.gradients, momenta: firstMoment,
            learningRate: learningRate, weightDecay: settings.weightDecay, gradientFactor: gradientFactor,
            team: team)
        let step = AdamStep(
            learningRate: learningRate, weightDecay: settings.weightDecay, firstDecay: settings.firstDecay,
            secondDecay: settings.secondDecay, epsilon: settings.epsilon, number: stepCount,
            gradientFactor: gradientFactor)
        for range in ranges {
            step.apply(
                parameters: parameters.values, gradients: parameters.gradients, firstMoment: firstMoment,
                secondMoment: secondMoment, range: range, team: team)
        }
    }
}
