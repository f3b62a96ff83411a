import PromptIR
import Tensors
import TestSupport
import Training

extension Configuration {
    /// The smallest network of the golden vectors.
    static func micro(hasBiasFreeNorms: Bool = false) -> Configuration {
        Configuration(
            dim: 8, blockCounts: [1, 1, 1, 1], refinementBlockCount: 1, heads: [1, 2, 4, 8],
            promptChannels: [8, 16, 32], promptSizes: [16, 8, 4], promptLength: 5,
            hasBiasFreeNorms: hasBiasFreeNorms)
    }
}

extension ParameterStore {
    /// Fills every tensor by the formula of the golden vectors.
    func fillByFormula() {
        for entry in entries {
            values.fill(entry.range, with: Formula.weights(entry.name, shape: entry.shape))
        }
    }
}

extension AlignedBuffer {
    convenience init(_ floats: [Float]) throws(OutOfMemory) {
        try self.init(count: floats.count)
        fill(0..<floats.count, with: floats)
    }

    var floats: [Float] { floats(in: 0..<count) }
}
