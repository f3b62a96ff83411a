/// Where a network's weights come from: a checkpoint file, or a formula in tests.
package protocol WeightSource: Sendable {
    /// Shape of every tensor there is, by the network's own name.
    var tensorShapes: [String: [Int]] { get }

    /// The values of one tensor as float32, row-major. Throws if it cannot be read.
    func floats(named name: String) throws -> [Float]
}
