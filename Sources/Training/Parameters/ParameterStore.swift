import PromptIR
import Tensors

/// A tensor of the checkpoint in a `ParameterStore`.
package struct ParameterEntry: Sendable, Equatable {
    /// The name in the checkpoint, such as `latent.0.attn.qkv.weight`.
    package let name: String
    package let shape: [Int]
    /// The offset in the store, in floats.
    package let offset: Int
    package let count: Int

    package var range: Range<Int> { offset..<offset + count }
}

/// All parameters of a network and their gradients, each as one contiguous run of float32 values: tensor after tensor
/// in the order of `ParameterTable`, row-major, without gaps. The optimizer traverses both runs without knowing the
/// network.
package final class ParameterStore {
    package let configuration: Configuration
    package let entries: [ParameterEntry]
    /// The total number of floats.
    package let count: Int
    /// The values, `count` floats. They are zeros until a checkpoint or an initialisation fills them.
    package let values: AlignedBuffer
    /// The gradients, `count` floats, to which backward passes add.
    package let gradients: AlignedBuffer

    private let indices: [String: Int]

    /// - Parameter biases: the bias tensors (`….bias`) of convolutions that have one; PromptIR's own
    ///   definition has none.
    package init(configuration: Configuration, biases: Set<String> = []) throws(OutOfMemory) {
        self.configuration = configuration
        var entries: [ParameterEntry] = []
        var offset = 0
        for parameter in ParameterTable(configuration: configuration).parameters
        where !parameter.isOptional || biases.contains(parameter.name) {
            let count = parameter.shape.reduce(1, *)
            entries.append(
                ParameterEntry(name: parameter.name, shape: parameter.shape, offset: offset, count: count))
            offset += count
        }
        self.entries = entries
        count = offset
        indices = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
        values = try AlignedBuffer(count: offset)
        gradients = try AlignedBuffer(count: offset)
    }

    /// Returns the entry of a tensor, or nil if the network has none of that name.
    package func entry(named name: String) -> ParameterEntry? {
        indices[name].map { entries[$0] }
    }

    /// Fills every tensor from a source of the same shapes.
    /// - Throws: `NetworkError` if a tensor is missing, has another shape, or contains NaN or infinity; the
    ///   source's own errors.
    package func load(_ source: some WeightSource) throws {
        let shapes = source.tensorShapes
        for entry in entries {
            guard let found = shapes[entry.name] else {
                throw NetworkError.missingTensor(name: entry.name, expected: "shape \(entry.shape)")
            }
            let floats = try source.finiteFloats(named: entry.name)
            guard found == entry.shape, floats.count == entry.count else {
                throw NetworkError.misshapedTensor(
                    name: entry.name, expected: "shape \(entry.shape)", found: found)
            }
            values.fill(entry.range, with: floats)
        }
    }

    /// Creates a store for a checkpoint's network, with its values.
    ///
    /// - Throws: `NetworkError` for tensors that are not a PromptIR network, `OutOfMemory`, the source's own errors.
    package convenience init(loading source: some WeightSource) throws {
        let shapes = source.tensorShapes
        try self.init(
            configuration: Configuration(tensorShapes: shapes),
            biases: Set(shapes.keys.filter { $0.hasSuffix(".bias") }))
        try load(source)
    }
}

extension ParameterStore: WeightSource {
    package var tensorShapes: [String: [Int]] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.shape) })
    }

    /// Returns a tensor's values. Traps if there is no such tensor.
    package func floats(named name: String) throws -> [Float] {
        guard let entry = entry(named: name) else { preconditionFailure("no parameter \(name)") }
        return values.floats(in: entry.range)
    }
}
