import Kernels
import Tensors

/// Reads tensors by name while the layers are built.
struct WeightReader: Sendable {
    let source: any WeightSource
    let shapes: [String: [Int]]
    /// Of the layers that are made from the tensors.
    let precision: Precision

    init(_ source: some WeightSource, precision: Precision) {
        self.source = source
        self.precision = precision
        shapes = source.tensorShapes
    }

    func floats(_ name: String) throws -> [Float] {
        try source.finiteFloats(named: name)
    }

    /// Returns the tensor, or nil if the checkpoint has none.
    func optional(_ name: String) throws -> [Float]? {
        shapes[name] == nil ? nil : try source.finiteFloats(named: name)
    }

    func norm(_ name: String) throws -> NormWeights {
        NormWeights(weight: try floats("\(name).body.weight"), bias: try optional("\(name).body.bias"))
    }

    /// Reads a convolution. Traps if there is no such tensor of rank 4, because the configuration has been
    /// checked.
    func convolution(
        _ name: String, rearrangement: Convolution3x3.Rearrangement = .none
    ) throws -> Convolution3x3 {
        let shape = shape(name)
        return try Convolution3x3(
            inputChannels: shape[1], inputStride: FeatureMap.paddedChannels(shape[1]),
            outputChannels: shape[0], rearrangement: rearrangement, weights: try floats("\(name).weight"),
            bias: try optional("\(name).bias"), precision: precision)
    }

    /// The first layer, which reads the image in float32 and takes no time worth saving.
    func imageConvolution(_ name: String) throws -> Convolution3x3 {
        let shape = shape(name)
        return try Convolution3x3(
            inputChannels: shape[1], inputStride: PaddedImage.stride, outputChannels: shape[0],
            weights: try floats("\(name).weight"), bias: try optional("\(name).bias"))
    }

    func outputConvolution(_ name: String) throws -> OutputConvolution {
        let shape = shape(name)
        return try OutputConvolution(
            inputChannels: shape[1], outputChannels: shape[0], weights: try floats("\(name).weight"),
            bias: try optional("\(name).bias"))
    }

    func pointwise(_ name: String) throws -> PointwiseConvolution {
        let shape = shape(name)
        return try PointwiseConvolution(
            inputChannels: shape[1], outputChannels: shape[0], weights: try floats("\(name).weight"),
            bias: try optional("\(name).bias"), precision: precision)
    }

    func prompt(_ name: String, _ prompt: Configuration.Prompt) throws -> PromptMixture {
        try PromptMixture(
            channels: prompt.channels, height: prompt.height, width: prompt.width, length: prompt.length,
            parameter: try floats("\(name).prompt_param"), linear: try floats("\(name).linear_layer.weight"),
            linearBias: try floats("\(name).linear_layer.bias"))
    }

    private func shape(_ name: String) -> [Int] {
        guard let shape = shapes["\(name).weight"], shape.count == 4 else {
            preconditionFailure("\(name).weight was not checked before it was read")
        }
        return shape
    }
}
