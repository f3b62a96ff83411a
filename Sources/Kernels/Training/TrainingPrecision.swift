import Tensors

/// What training multiplies, and what it keeps between its passes.
package enum TrainingPrecision: String, Sendable, Codable, CaseIterable {
    case float32
    /// The operands of the network's products are rounded to bfloat16, in both passes, and so are features that are kept
    /// between them. Weights, sums, norms, the attention's small matrices, the first and the last layer, gradients and the
    /// optimizer are float32.
    case mixed

    /// Values in a word of 32 bits of what products read.
    var valuesPerWord: Int { self == .mixed ? Precision.bfloat16.valuesPerWord : 1 }
}
