/// The operations of the network as scalar code in double precision, straight from their definitions (PyTorch
/// semantics). The tests compare the fast kernels with them. Each has a file in a folder of the same name as the fast
/// kernel's.
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
