/// The operations of the network, scalar, in double precision and straight from their definitions (PyTorch
/// semantics): what the fast kernels are held against. A file for each, in the folder of its fast twin.
package enum Reference {
    /// Weights of a convolution in PyTorch's layout, (out, in, kernel, kernel) row-major, and its bias if it has one.
    package struct Filter: Sendable {
        package var weights: [Double]
        package var bias: [Double]?

        package init(_ weights: [Double], bias: [Double]?) {
            self.weights = weights
            self.bias = bias
        }
    }
}
