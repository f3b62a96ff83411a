/// The number format of a stored tensor.
public enum ElementType: String, Sendable, CaseIterable {
    case float16, bfloat16, float32, float64

    /// Bytes per element.
    public var byteCount: Int {
        switch self {
        case .float16, .bfloat16: 2
        case .float32: 4
        case .float64: 8
        }
    }
}

/// A tensor of a checkpoint, by the network's own name (prefixes such as `module.` are gone).
public struct TensorDescription: Sendable, Equatable {
    public let name: String
    public let shape: [Int]
    public let elementType: ElementType

    public init(name: String, shape: [Int], elementType: ElementType) {
        self.name = name
        self.shape = shape
        self.elementType = elementType
    }
}
