/// The weight and bias of a layer normalisation, to be folded into the following product.
package struct NormWeights: Sendable {
    package var weight: [Float]
    /// The bias; nil in the bias-free variant, which does not subtract the mean either.
    package var bias: [Float]?

    package init(weight: [Float], bias: [Float]?) {
        self.weight = weight
        self.bias = bias
    }

    package var subtractsMean: Bool { bias != nil }

    /// Folds the norm into a product: `W (g·x̂ + b) + c = (W g)·x̂ + (W b + c)`.
    ///
    /// - Parameter matrix: (rowCount, channels), row-major.
    func fold(into matrix: [Float], bias other: [Float]?, rowCount: Int) -> (weights: [Float], bias: [Float])
    {
        let channels = weight.count
        var weights = matrix
        var biases = [Float](repeating: 0, count: rowCount)
        for row in 0..<rowCount {
            var sum = Double(other?[row] ?? 0)
            for channel in 0..<channels {
                let index = row * channels + channel
                if let bias { sum += Double(matrix[index]) * Double(bias[channel]) }
                weights[index] = matrix[index] * weight[channel]
            }
            biases[row] = Float(sum)
        }
        return (weights, biases)
    }
}
