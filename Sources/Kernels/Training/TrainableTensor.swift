import Tensors

/// A tensor in training: its values, row-major as in the checkpoint, and the gradients to which backward
/// passes add.
package struct TrainableTensor: Sendable {
    package let values: FloatRun
    package let gradients: FloatRun

    package init(values: FloatRun, gradients: FloatRun) {
        self.values = values
        self.gradients = gradients
    }
}

/// The weight and bias of a layer normalisation. Without a bias, the mean is not subtracted either.
package struct TrainableNorm: Sendable {
    package let weight: TrainableTensor
    package let bias: TrainableTensor?

    package init(weight: TrainableTensor, bias: TrainableTensor?) {
        self.weight = weight
        self.bias = bias
    }

    var subtractsMean: Bool { bias != nil }
}

/// The weight and the optional bias of a convolution.
package struct TrainableFilter: Sendable {
    package let weight: TrainableTensor
    package let bias: TrainableTensor?

    package init(weight: TrainableTensor, bias: TrainableTensor?) {
        self.weight = weight
        self.bias = bias
    }
}
