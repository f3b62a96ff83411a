import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite struct TrainableConvolutionTests {
    static let widths = [(3, 16), (8, 4), (16, 3), (17, 33), (1, 1)]
    static let sizes = [
        MapSize(height: 1, width: 1), MapSize(height: 3, width: 5), MapSize(height: 6, width: 4),
        MapSize(height: 17, width: 19),
    ]

    @Test(arguments: widths, sizes)
    func threeByThree(widths: (Int, Int), size: MapSize) throws {
        for precision in TrainingPrecision.allCases { try threeByThree(widths, size, precision) }
    }

    private func threeByThree(_ widths: (Int, Int), _ size: MapSize, _ precision: TrainingPrecision) throws {
        let (inputs, outputs) = widths
        let problem = try ConvolutionGradients(inputs, outputs, size, kernel: 3)
        let convolution = TrainableConvolution3x3(
            inputChannels: inputs, outputChannels: outputs, filter: problem.filter, precision: precision)
        let scratchMemory = try GuardedMemory(
            count: convolution.scratchCount(height: size.height, width: size.width))
        let scratch = TrainingScratch(
            picture: scratchMemory.run, workers: scratchMemory.run, workerStride: 0,
            team: WorkerTeam(threadCount: 2))
        let weights = try GuardedMemory(count: convolution.packedCount)
        let sums = try GuardedMemory([Float](repeating: 0, count: 2 * convolution.sumCount))
        try problem.compare(
            forward: {
                convolution.pack(into: weights.run, isBackward: false, team: WorkerTeam(threadCount: 2))
                convolution.run(weights.run, input: $0, output: $1, scratch: scratch)
            },
            backward: { index, input, gradient, inputGradient in
                convolution.pack(into: weights.run, isBackward: true, team: WorkerTeam(threadCount: 2))
                convolution.addGradients(
                    input: input, gradient: gradient,
                    sums: sums.run.advanced(by: index * convolution.sumCount),
                    scratch: scratch)
                convolution.run(
                    weights.run, input: gradient, output: inputGradient, adds: true, scratch: scratch)
            },
            reduce: { convolution.reduce(sums.run, groupCount: 2, team: WorkerTeam(threadCount: 2)) },
            precision: precision, twin: { Reference.convolution3x3($1, outputChannels: outputs, $0) })
        #expect(scratchMemory.guardsAreIntact && weights.guardsAreIntact && sums.guardsAreIntact)
    }

    @Test(arguments: widths, sizes)
    func pointwise(widths: (Int, Int), size: MapSize) throws {
        for precision in TrainingPrecision.allCases { try pointwise(widths, size, precision) }
    }

    private func pointwise(_ widths: (Int, Int), _ size: MapSize, _ precision: TrainingPrecision) throws {
        let (inputs, outputs) = widths
        let problem = try ConvolutionGradients(inputs, outputs, size, kernel: 1)
        let convolution = TrainablePointwiseConvolution(
            inputChannels: inputs, outputChannels: outputs, filter: problem.filter, precision: precision)
        let weights = try GuardedMemory(count: convolution.packedCount)
        let sums = try GuardedMemory([Float](repeating: 0, count: 2 * convolution.sumCount))
        try problem.compare(
            forward: {
                convolution.pack(into: weights.run, isBackward: false, team: WorkerTeam(threadCount: 2))
                convolution.run(weights.run, input: $0, output: $1, team: WorkerTeam(threadCount: 2))
            },
            backward: { index, input, gradient, inputGradient in
                convolution.pack(into: weights.run, isBackward: true, team: WorkerTeam(threadCount: 2))
                convolution.addGradients(
                    input: input, gradient: gradient,
                    sums: sums.run.advanced(by: index * convolution.sumCount),
                    team: WorkerTeam(threadCount: 2))
                convolution.run(
                    weights.run, input: gradient, output: inputGradient, team: WorkerTeam(threadCount: 2))
            },
            reduce: { convolution.reduce(sums.run, groupCount: 2, team: WorkerTeam(threadCount: 2)) },
            precision: precision, twin: { Reference.pointwise($1, outputChannels: outputs, $0) })
        #expect(weights.guardsAreIntact && sums.guardsAreIntact)
    }
}

/// A convolution with a bias on two pictures, each in a group of its own.
private struct ConvolutionGradients {
    let inputs: Int
    let outputs: Int
    let size: MapSize
    let tensors: TrainableTensors
    let filter: TrainableFilter

    init(_ inputs: Int, _ outputs: Int, _ size: MapSize, kernel: Int) throws {
        (self.inputs, self.outputs, self.size) = (inputs, outputs, size)
        let fanIn = inputs * kernel * kernel
        tensors = try TrainableTensors([
            "weight": Values.weights("weight", outputs * fanIn, fanIn: fanIn),
            "bias": Values.uniform("bias", outputs),
        ])
        filter = try tensors.filter("weight", "bias")
    }

    func compare(
        forward: (FeatureMap, FeatureMap) -> Void,
        backward: (_ picture: Int, FeatureMap, _ gradient: FeatureMap, _ inputGradient: FeatureMap) -> Void,
        reduce: () -> Void, precision: TrainingPrecision, twin: (Reference.Filter, Planes) -> Planes
    ) throws {
        let images = (0..<2).map { Values.uniform("x\($0)", inputs * size.pixelCount) }
        let slopes = (0..<2).map { Values.uniform("slope\($0)", outputs * size.pixelCount) }
        var gradients: [String: [Float]] = [:]
        for index in 0..<2 {
            let input = try map(images[index], inputs)
            let output = try GuardedMap(channels: outputs, height: size.height, width: size.width)
            forward(input.map, output.map)
            let expected = twin(
                Reference.Filter(tensors.doubles, "weight", "bias"), planes(images[index].doubles))
            expectClose(
                output.planes, expected.values, within: precision == .mixed ? 2e-2 : 1e-5,
                "forward, \(precision)")
            let gradient = try map(slopes[index], outputs)
            let inputGradient = try map([Float](repeating: 0, count: images[index].count), inputs)
            backward(index, input.map, gradient.map, inputGradient.map)
            gradients["x\(index)"] = inputGradient.planes
            for map in [input, output, gradient, inputGradient] {
                #expect(map.paddingIsZero && map.guardsAreIntact)
            }
        }
        reduce()
        gradients.merge(tensors.gradients) { $1 }
        var values = tensors.doubles
        for index in 0..<2 { values["x\(index)"] = images[index].doubles }
        CentralDifference.expect(
            gradients, of: values, slopes: slopes.flatMap(\.doubles), tolerance: precision.blockTolerance
        ) { values in
            let filter = Reference.Filter(values, "weight", "bias")
            return (0..<2).flatMap { twin(filter, planes(values["x\($0)"] ?? [])).values }
        }
    }

    private func map(_ values: [Float], _ channels: Int) throws -> GuardedMap {
        try GuardedMap(values, channels: channels, height: size.height, width: size.width)
    }

    private func planes(_ values: [Double]) -> Planes {
        Planes(channels: inputs, height: size.height, width: size.width, values: values)
    }
}
