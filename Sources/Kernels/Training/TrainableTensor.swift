import Tensors

/// A tensor that is being trained: its values, row-major as in the checkpoint, and the gradients that backward
/// passes add to.
package struct TrainableTensor: Sendable {
    package let values: FloatRun
    package let gradients: FloatRun

    package init(values: FloatRun, gradients: FloatRun) {
        self.values = values
        self.gradients = gradients
    }
}

/// Weight and bias of a layer normalisation; without a bias the mean is not subtracted either.
package struct TrainableNorm: Sendable {
    package let weight: TrainableTensor
    package let bias: TrainableTensor?

    package init(weight: TrainableTensor, bias: TrainableTensor?) {
        self.weight = weight
        self.bias = bias
    }

    var subtractsMean: Bool { bias != nil }
}

/// Weight and, where there is one, bias of a convolution.
package struct TrainableFilter: Sendable {
    package let weight: TrainableTensor
    package let bias: TrainableTensor?

    package init(weight: TrainableTensor, bias: TrainableTensor?) {
        self.weight = weight
        self.bias = bias
    }
}
