/// The source of a network's weights: a checkpoint file, or a formula in tests.
package protocol WeightSource: Sendable {
    /// The shape of every tensor, by the network's own name.
    var tensorShapes: [String: [Int]] { get }

    /// Returns the values of one tensor as float32, row-major. Throws if it cannot be read.
    func floats(named name: String) throws -> [Float]
}

extension WeightSource {
    /// Returns a tensor's values.
    /// - Throws: ``NetworkError/nonFiniteWeight(name:index:value:)`` for NaN or infinity; the source's own errors.
    package func finiteFloats(named name: String) throws -> [Float] {
        let values = try floats(named: name)
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw NetworkError.nonFiniteWeight(name: name, index: index, value: "\(values[index])")
        }
        return values
    }

    /// Reads every tensor once, to find NaN and infinity.
    /// - Throws: the same errors as ``finiteFloats(named:)``.
    package func checkFinite() throws {
        for name in tensorShapes.keys.sorted() { _ = try finiteFloats(named: name) }
    }
}
