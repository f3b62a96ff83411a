import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite struct TrainablePromptTests {
    /// Enlarged, made smaller, and of the same size; a width that is no whole panel.
    @Test(arguments: [(5, 4, 4, 8, 8), (17, 4, 6, 3, 5), (16, 3, 3, 3, 3), (24, 6, 5, 1, 1)])
    func agreesWithCentralDifferences(shape: (Int, Int, Int, Int, Int)) throws {
        let (channels, height, width, rows, columns) = shape
        let (length, featureChannels, pictureCount) = (3, 10, 2)
        let plane = height * width
        let tensors = try TrainableTensors([
            "components": Values.uniform("components", length * channels * plane),
            "linear": Values.uniform("linear", length * featureChannels),
            "bias": Values.uniform("bias", length),
        ])
        let prompt = TrainablePrompt(
            channels: channels, height: height, width: width, length: length,
            featureChannels: featureChannels, components: try tensors("components"),
            linear: try tensors.filter("linear", "bias"))
        let kept = try GuardedMemory(count: pictureCount * prompt.keptCount)
        let mixtures = try GuardedMemory(count: pictureCount * prompt.mixtureCount)
        let scratch = try GuardedMemory(
            count: prompt.backwardScratchCount(pictureCount: pictureCount, threadCount: 2))
        var slopes: [Double] = []
        var features: [String: [Float]] = [:]
        for picture in 0..<pictureCount {
            let values = Values.uniform("x\(picture)", featureChannels * rows * columns)
            features["x\(picture)"] = values
            let input = try GuardedMap(values, channels: featureChannels, height: rows, width: columns)
            let output = try GuardedMap(channels: channels, height: rows, width: columns)
            let keptRun = kept.run.advanced(by: picture * prompt.keptCount)
            let mixture = mixtures.run.advanced(by: picture * prompt.mixtureCount)
            prompt.forward(
                input.map, output: output.map, kept: keptRun, mixture: mixture,
                team: WorkerTeam(threadCount: 2))
            expectClose(
                output.planes, Self.twin(tensors.doubles, values.doubles, shape).values, within: 1e-5,
                "forward")
            #expect(output.paddingIsZero && output.guardsAreIntact && input.guardsAreIntact)
            let slope = Values.uniform("slope\(picture)", channels * rows * columns)
            slopes += slope.doubles
            let gradient = try GuardedMap(slope, channels: channels, height: rows, width: columns)
            prompt.resizeBackward(gradient.map, mixture: mixture)
            #expect(gradient.guardsAreIntact)
        }
        prompt.backward(
            mixtures: mixtures.run, kept: kept.run, keptStride: prompt.keptCount, pictureCount: pictureCount,
            pixelCount: rows * columns, scratch: scratch.run, team: WorkerTeam(threadCount: 2))
        var gradients = tensors.gradients
        for picture in 0..<pictureCount {
            let gradient = try GuardedMap(
                [Float](repeating: 0, count: featureChannels * rows * columns), channels: featureChannels,
                height: rows, width: columns)
            prompt.spreadMeans(kept.run.advanced(by: picture * prompt.keptCount), over: gradient.map)
            #expect(gradient.paddingIsZero && gradient.guardsAreIntact)
            gradients["x\(picture)"] = gradient.planes
        }
        for memory in [kept, mixtures, scratch] { #expect(memory.guardsAreIntact) }
        #expect(tensors.guardsAreIntact)
        let values = tensors.doubles.merging(features.mapValues(\.doubles)) { $1 }
        CentralDifference.expect(gradients, of: values, slopes: slopes) { values in
            (0..<pictureCount).flatMap { Self.twin(values, values["x\($0)"] ?? [], shape).values }
        }
    }

    private static func twin(
        _ values: [String: [Double]], _ features: [Double], _ shape: (Int, Int, Int, Int, Int)
    ) -> Planes {
        let (channels, height, width, rows, columns) = shape
        let size = channels * height * width
        let all = values["components"] ?? []
        let components = stride(from: 0, to: all.count, by: size).map {
            Planes(channels: channels, height: height, width: width, values: Array(all[$0..<$0 + size]))
        }
        return Reference.prompt(
            Planes(
                channels: features.count / (rows * columns), height: rows, width: columns, values: features),
            Reference.PromptWeights(
                components: components, linear: Reference.Filter(values, "linear", "bias")))
    }
}
