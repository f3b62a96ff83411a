import PromptIR
import TestSupport

/// Weights of any configuration by the formula of the golden vectors.
struct FormulaSource: WeightSource {
    let tensorShapes: [String: [Int]]

    /// - Parameter biasedConvolutions: which convolutions have a bias, by name without `.bias`.
    init(_ configuration: Configuration, biasedConvolutions: (String) -> Bool = { _ in false }) {
        var shapes: [String: [Int]] = [:]
        for parameter in ParameterTable(configuration: configuration).parameters
        where !parameter.isOptional || biasedConvolutions(String(parameter.name.dropLast(5))) {
            shapes[parameter.name] = parameter.shape
        }
        tensorShapes = shapes
    }

    func floats(named name: String) throws -> [Float] {
        Formula.weights(name, shape: tensorShapes[name] ?? [])
    }
}

extension Configuration {
    /// The small networks of the golden vectors.
    static func tiny(hasBiasFreeNorms: Bool = false) -> Configuration {
        Configuration(
            dim: 16, blockCounts: [1, 2, 1, 2], refinementBlockCount: 1, heads: [1, 2, 4, 8],
            promptChannels: [24, 40, 96], promptSizes: [16, 8, 4], promptLength: 5,
            hasBiasFreeNorms: hasBiasFreeNorms)
    }

    static let micro = Configuration(
        dim: 8, blockCounts: [1, 1, 1, 1], refinementBlockCount: 1, heads: [1, 2, 4, 8],
        promptChannels: [8, 16, 32], promptSizes: [16, 8, 4], promptLength: 5)
}
