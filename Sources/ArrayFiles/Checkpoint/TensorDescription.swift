/// A tensor of a checkpoint, with the network's own name (without prefixes such as `module.`).
package struct TensorDescription: Sendable, Equatable {
    package let name: String
    package let shape: [Int]
    package let elementType: ElementType

    package init(name: String, shape: [Int], elementType: ElementType) {
        self.name = name
        self.shape = shape
        self.elementType = elementType
    }
}
