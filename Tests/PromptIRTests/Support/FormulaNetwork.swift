import PromptIR
import ReferenceKernels
import Tensors
import TestSupport

/// Weights of any configuration by the formula of the golden vectors.
struct FormulaSource: WeightSource {
    let tensorShapes: [String: [Int]]

    init(tensorShapes: [String: [Int]]) {
        self.tensorShapes = tensorShapes
    }

    /// - Parameter biasedConvolutions: which convolutions have a bias, by name without `.bias`.
    init(_ configuration: Configuration, biasedConvolutions: (String) -> Bool = { _ in false }) {
        tensorShapes = configuration.tensorShapes(biasedConvolutions: biasedConvolutions)
    }

    func floats(named name: String) throws -> [Float] {
        Formula.weights(name, shape: tensorShapes[name] ?? [])
    }

    /// The same network in double precision.
    var reference: ReferenceNetwork {
        var tensors: [String: ReferenceTensor] = [:]
        for (name, shape) in tensorShapes {
            tensors[name] = ReferenceTensor(
                shape: shape, values: Formula.weights(name, shape: shape).map(Double.init))
        }
        return ReferenceNetwork(tensors: tensors)
    }
}

extension Configuration {
    /// Shapes of a checkpoint of this configuration.
    func tensorShapes(biasedConvolutions: (String) -> Bool = { _ in false }) -> [String: [Int]] {
        var shapes: [String: [Int]] = [:]
        for parameter in ParameterTable(configuration: self).parameters
        where !parameter.isOptional || biasedConvolutions(String(parameter.name.dropLast(5))) {
            shapes[parameter.name] = parameter.shape
        }
        return shapes
    }

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

extension ImageTensor {
    /// The input image of the golden vectors.
    static func formula(height: Int, width: Int) -> ImageTensor {
        ImageTensor(
            height: height, width: width, values: Formula.image(count: 1, height: height, width: width))
    }

    /// Largest difference from values in the same order; infinite where one is NaN.
    func largestError(_ expected: [Double]) -> Double {
        precondition(values.count == expected.count, "images differ in size")
        return zip(values, expected).reduce(0) { largest, pair in
            let error = abs(Double(pair.0) - pair.1)
            return error.isNaN ? .infinity : max(largest, error)
        }
    }
}

extension Planes {
    init(_ image: ImageTensor) {
        self.init(
            channels: image.channels, height: image.height, width: image.width,
            values: image.values.map(Double.init))
    }
}
