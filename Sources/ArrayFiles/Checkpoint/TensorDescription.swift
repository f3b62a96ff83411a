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
