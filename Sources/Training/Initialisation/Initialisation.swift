import Files
import PromptIR
import RandomNumbers

/// Sets initial weights as PyTorch's modules do by default.
///
/// Convolutions and linear layers are uniform within ±1/√fan-in, both weights (`kaiming_uniform_` with a =
/// √5) and biases. Norms are 1 and 0, temperatures 1, and prompts uniform in [0, 1). Every tensor has its own
/// random sequence from the seed and its name, so it does not depend on the widths and order of the others.
package enum Initialisation {
    package static func fill(_ parameters: ParameterStore, seed: UInt64) {
        for entry in parameters.entries {
            var numbers = RandomSequence(seed, FNV.hash(entry.name.utf8))
            let values: [Float]
            switch range(of: entry, in: parameters) {
            case .constant(let value):
                values = [Float](repeating: value, count: entry.count)
            case .uniform(let low, let high):
                values = (0..<entry.count).map { _ in Float(numbers.uniform(low, high)) }
            }
            parameters.values.fill(entry.range, with: values)
        }
    }

    private enum Range {
        case constant(Float)
        case uniform(Double, Double)
    }

    private static func range(of entry: ParameterEntry, in parameters: ParameterStore) -> Range {
        let name = entry.name
        if name.hasSuffix(".body.weight"), entry.shape.count == 1 { return .constant(1) }
        if name.hasSuffix(".body.bias") { return .constant(0) }
        if name.hasSuffix(".temperature") { return .constant(1) }
        if name.hasSuffix(".prompt_param") { return .uniform(0, 1) }
        var shape = entry.shape
        if name.hasSuffix(".bias"), let weight = parameters.entry(named: "\(name.dropLast(5)).weight") {
            shape = weight.shape
        }
        let fanIn = shape.dropFirst().reduce(1, *)
        let bound = 1 / Double(max(1, fanIn)).squareRoot()
        return .uniform(-bound, bound)
    }
}
