import PromptIR
import Tensors

/// temporary
package struct BatchShape: Sendable, Hashable {
    package let count: Int
    package let height: Int
    package let width: Int
    package init(count: Int, height: Int, width: Int) {
        self.count = count
        self.height = height
        self.width = width
    }
}
package enum MemoryPlan: Sendable, Equatable { case keep, recompute }
package enum ActivationPrecision: Sendable, Equatable { case float32, half }
package final class GradientSession {
    let parameters: ParameterStore
    let shape: BatchShape
    let output: AlignedBuffer
    package init(
        configuration: Configuration, parameters: ParameterStore, shape: BatchShape, memory: MemoryPlan,
        precision: ActivationPrecision, threadCount: Int
    ) throws {
        self.parameters = parameters
        self.shape = shape
        output = try AlignedBuffer(count: shape.count * 3 * shape.height * shape.width)
    }
    package func forward(_ degraded: AlignedBuffer) -> AlignedBuffer {
        let gain = parameters.values.floats(in: 0..<1)[0]
        output.fill(0..<output.count, with: degraded.floats(in: 0..<output.count).map { $0 * (1 + gain) })
        return output
    }
    package func backward(_ gradient: AlignedBuffer) {
        let sum = gradient.floats(in: 0..<output.count).reduce(0, +)
        parameters.gradients.fill(
            0..<parameters.count, with: (0..<parameters.count).map { sum * Float($0 % 7 - 3) })
    }
    package static func byteCount(
        configuration: Configuration, shape: BatchShape, memory: MemoryPlan, precision: ActivationPrecision,
        threadCount: Int
    ) -> Int { 1 }
}
