/// Weights of any configuration from a fixed sequence of pseudo-random numbers, for measurements without a
/// checkpoint.
package struct SeededWeights: WeightSource {
    package let tensorShapes: [String: [Int]]

    package init(configuration: Configuration) {
        var shapes: [String: [Int]] = [:]
        for parameter in ParameterTable(configuration: configuration).parameters where !parameter.isOptional {
            shapes[parameter.name] = parameter.shape
        }
        tensorShapes = shapes
    }

    package func floats(named name: String) throws -> [Float] {
        let shape = tensorShapes[name] ?? []
        let count = shape.reduce(1, *)
        // The weights are scaled by the fan-in, so that features neither grow nor vanish.
        let scale = 1 / Float(max(1, shape.dropFirst().reduce(1, *))).squareRoot()
        var state: UInt32 = 12_345
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return (Float(state >> 8) * 0x1p-23 - 1) * scale
        }
    }
}
