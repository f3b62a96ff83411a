/// The type of what the forward pass keeps of an image, and of what it multiplies in its matrix products and dense
/// convolutions. Sums, the statistics of norms and the softmax are float32 in all of them, and so are the weights of the
/// first and the last layer.
package enum Precision: String, Sendable, CaseIterable {
    case float32
    /// 8 bits of precision, rounded to nearest, ties to even.
    case bfloat16
    /// The same types and roundings. Products are summed in the order of Intel's matrix unit, so the results have other bits.
    case bfloat16AMX = "bfloat16-amx"
    /// Features are kept as in bfloat16. What is multiplied by weights is rounded to integers of 8 bits, with a scale for
    /// each pixel and each output channel; q kᵀ is float32.
    case int8

    /// Values in a word of 32 bits.
    @inlinable package var valuesPerWord: Int {
        switch self {
        case .float32: 1
        case .bfloat16, .bfloat16AMX, .int8: 2
        }
    }

    /// Words of 32 bits that hold `count` neighbouring values.
    @inlinable
    package func wordCount(_ count: Int) -> Int { (count + valuesPerWord - 1) / valuesPerWord }
}
