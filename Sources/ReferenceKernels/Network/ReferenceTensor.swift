/// A tensor of a checkpoint in double precision.
package struct ReferenceTensor: Sendable {
    package let shape: [Int]
    /// Row-major.
    package let values: [Double]

    package init(shape: [Int], values: [Double]) {
        precondition(
            shape.reduce(1, *) == values.count, "ReferenceTensor: value count does not fit the shape")
        self.shape = shape
        self.values = values
    }
}
