/// The number format of a stored tensor.
package enum ElementType: String, Sendable, CaseIterable {
    case float16, bfloat16, float32, float64

    /// The number of bytes per element.
    package var byteCount: Int {
        switch self {
        case .float16, .bfloat16: 2
        case .float32: 4
        case .float64: 8
        }
    }
}
