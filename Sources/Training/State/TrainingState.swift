import Kernels
import PromptIR
import Tensors

/// A run's weights, moments, moving average and position.
package final class TrainingState {
    package let parameters: ParameterStore
    package let optimizer: Optimizer
    /// The exponential moving average of the weights, if there is one.
    package let average: AlignedBuffer?
    /// Tensors of the checkpoint that the network never uses. They are kept unchanged.
    package let carried: [CarriedTensor]
    package var progress: TrainingProgress

    /// - Parameter parameters: must already hold the initial weights.
    package init(
        parameters: ParameterStore, carried: [CarriedTensor], progress: TrainingProgress
    ) throws(OutOfMemory) {
        var settings = Optimizer.Settings()
        settings.kind = progress.settings.optimizer ?? .adamw
        settings.weightDecay = progress.settings.weightDecay
        self.parameters = parameters
        self.carried = carried
        self.progress = progress
        optimizer = try Optimizer(parameters: parameters, settings: settings)
        optimizer.stepCount = progress.stepCount
        if progress.settings.averageDecay != nil {
            let average = try AlignedBuffer(count: parameters.count)
            average.fill(0..<parameters.count, with: parameters.values.floats(in: 0..<parameters.count))
            self.average = average
        } else {
            average = nil
        }
    }

    /// The weights that are validated and published: the moving average, if there is one.
    package var published: WeightView {
        WeightView(parameters: parameters, values: average ?? parameters.values)
    }
}

/// A tensor that training does not change.
package struct CarriedTensor: Sendable, Equatable {
    package let name: String
    package let shape: [Int]
    package let values: [Float]

    package init(name: String, shape: [Int], values: [Float]) {
        self.name = name
        self.shape = shape
        self.values = values
    }

    /// Returns all such tensors of a checkpoint.
    package static func all(in source: some WeightSource) throws -> [CarriedTensor] {
        let shapes = source.tensorShapes
        return try Configuration.unusedTensors(in: shapes).map {
            CarriedTensor(name: $0, shape: shapes[$0] ?? [], values: try source.floats(named: $0))
        }
    }
}

/// A network's weights in the store's layout: the parameters themselves, or their average.
package struct WeightView: WeightSource {
    package let parameters: ParameterStore
    package let values: AlignedBuffer

    package init(parameters: ParameterStore, values: AlignedBuffer) {
        self.parameters = parameters
        self.values = values
    }

    package var tensorShapes: [String: [Int]] { parameters.tensorShapes }

    /// Returns a tensor's values. Traps if there is no such tensor.
    package func floats(named name: String) throws -> [Float] {
        guard let entry = parameters.entry(named: name) else { preconditionFailure("no parameter \(name)") }
        return values.floats(in: entry.range)
    }
}
