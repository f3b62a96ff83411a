/// The source of a network's weights: a checkpoint file, or a formula in tests.
package protocol WeightSource: Sendable {
    /// The shape of every tensor, by the network's own name.
    var tensorShapes: [String: [Int]] { get }

    /// Returns the values of one tensor as float32, row-major. Throws if it cannot be read.
    func floats(named name: String) throws -> [Float]
}
