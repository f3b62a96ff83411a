import Kernels
import PromptIR
import Tensors
import TestSupport
import Testing
import Training

@Suite struct GradientSessionTests {
    /// Output and gradients of one pass by the formula's weights.
    private func pass(
        _ configuration: Configuration = .micro(), _ shape: BatchShape, memory: MemoryPlan = .keep,
        precision: TrainingPrecision = .float32, threadCount: Int = 2, biases: Set<String> = [],
        times: Int = 1
    ) throws -> (output: [Float], gradients: [Float]) {
        let store = try ParameterStore(configuration: configuration, biases: biases)
        store.fillByFormula()
        let session = try GradientSession(
            parameters: store, shape: shape, memory: memory, precision: precision,
            team: WorkerTeam(threadCount: threadCount))
        let input = try AlignedBuffer(
            Formula.image(count: shape.count, height: shape.height, width: shape.width))
        let slopes = try AlignedBuffer(
            Formula.uniform("slopes", count: input.count).map { Float($0) / Float(input.count) })
        var output: [Float] = []
        for _ in 0..<times {
            store.gradients.zero()
            output = session.forward(input).floats
            session.backward(slopes)
        }
        return (output, store.gradients.floats)
    }

    /// A network whose latent blocks are wide enough for their projected features to be kept.
    static let wider = Configuration(
        dim: 8, blockCounts: [1, 2, 1, 1], refinementBlockCount: 1, heads: [1, 2, 4, 8],
        promptChannels: [4, 12, 40], promptSizes: [6, 5, 4], promptLength: 3)

    @Test(arguments: [BatchShape(count: 1, height: 16, width: 24), BatchShape(count: 5, height: 8, width: 8)])
    func memoryPlansAndThreadsChangeNoBit(shape: BatchShape) throws {
        let kept = try pass(Self.wider, shape, memory: .keep, threadCount: 1)
        for threadCount in [1, 2, 3, 7] {
            for memory in MemoryPlan.allCases {
                let other = try pass(Self.wider, shape, memory: memory, threadCount: threadCount)
                #expect(other.output == kept.output && other.gradients == kept.gradients)
            }
        }
    }

    /// Nothing of a pass is left over for the next.
    @Test func passesRepeat() throws {
        let shape = BatchShape(count: 2, height: 16, width: 8)
        for precision in TrainingPrecision.allCases {
            let once = try pass(Self.wider, shape, precision: precision)
            let twice = try pass(Self.wider, shape, precision: precision, times: 2)
            #expect(once.output == twice.output && once.gradients == twice.gradients)
        }
    }

    /// A batch's gradients are the sum of its pictures'.
    @Test func picturesAddUp() throws {
        let shape = BatchShape(count: 3, height: 16, width: 16)
        let store = try ParameterStore(configuration: .micro())
        store.fillByFormula()
        let images = Formula.image(count: 3, height: 16, width: 16)
        let slopes = Formula.uniform("slopes", count: images.count).map { Float($0) }
        let whole = try GradientSession(parameters: store, shape: shape, team: WorkerTeam(threadCount: 2))
        let outputs = whole.forward(try AlignedBuffer(images)).floats
        whole.backward(try AlignedBuffer(slopes))
        let gradients = store.gradients.floats
        store.gradients.zero()
        let single = try GradientSession(
            parameters: store, shape: BatchShape(count: 1, height: 16, width: 16),
            team: WorkerTeam(threadCount: 1))
        let size = images.count / 3
        for picture in 0..<3 {
            let range = picture * size..<(picture + 1) * size
            let output = single.forward(try AlignedBuffer(Array(images[range])))
            #expect(output.floats == Array(outputs[range]))
            single.backward(try AlignedBuffer(Array(slopes[range])))
        }
        #expect(relativeError(gradients, store.gradients.floats) < 1e-6)
    }

    /// The forward pass of training is the one that restores.
    @Test func forwardAgreesWithForwardSession() throws {
        let store = try ParameterStore(configuration: Self.wider, biases: Self.biases)
        store.fillByFormula()
        let image = ImageTensor(
            height: 24, width: 16, values: Formula.image(count: 1, height: 24, width: 16))
        let restored = try ForwardSession(network: Network(weights: store), threadCount: 2).forward(image)
        let session = try GradientSession(
            parameters: store, shape: BatchShape(count: 1, height: 24, width: 16),
            team: WorkerTeam(threadCount: 2))
        let output = session.forward(try AlignedBuffer(image.values)).floats
        #expect(relativeError(output, restored.values) < 1e-5)
    }

    static let biases: Set<String> = [
        "patch_embed.proj.bias", "encoder_level1.0.attn.qkv.bias", "encoder_level1.0.attn.qkv_dwconv.bias",
        "latent.0.attn.project_out.bias", "latent.0.ffn.project_in.bias", "noise_level3.ffn.dwconv.bias",
        "refinement.0.ffn.project_out.bias", "down1_2.body.0.bias", "reduce_chan_level3.bias", "output.bias",
    ]

    /// Convolution biases and norms without a bias: along the gradient the loss falls as the gradient says.
    @Test(arguments: [false, true]) func followsItsOwnSlope(hasBiasFreeNorms: Bool) throws {
        let shape = BatchShape(count: 2, height: 16, width: 16)
        let store = try ParameterStore(
            configuration: .micro(hasBiasFreeNorms: hasBiasFreeNorms), biases: Self.biases)
        store.fillByFormula()
        let session = try GradientSession(parameters: store, shape: shape, team: WorkerTeam(threadCount: 2))
        let input = try AlignedBuffer(Formula.image(count: 2, height: 16, width: 16))
        let slopes = Formula.uniform("slopes", count: input.count)
        _ = session.forward(input)
        session.backward(try AlignedBuffer(slopes.map { Float($0) }))
        let gradients = store.gradients.floats
        let values = store.values.floats
        let square = gradients.reduce(0.0) { $0 + Double($1) * Double($1) }
        func loss(_ step: Double) -> Double {
            store.values.fill(
                0..<store.count, with: zip(values, gradients).map { Float(Double($0) + step * Double($1)) })
            return zip(session.forward(input).floats, slopes).reduce(0) { $0 + Double($1.0) * $1.1 }
        }
        let step = 3e-3 / square.squareRoot()
        let slope = (loss(step) - loss(-step)) / (2 * step)
        #expect(abs(slope / square - 1) < 1e-2, "\(slope) along a gradient of squared length \(square)")
    }

    @Test func mixedPrecisionSavesMemoryAndCostsLittle() throws {
        let shape = BatchShape(count: 1, height: 64, width: 64)
        let store = try ParameterStore(configuration: Self.wider)
        func bytes(_ memory: MemoryPlan, _ precision: TrainingPrecision) -> Int {
            GradientSession.bytes(
                parameters: store, shape: shape, memory: memory, precision: precision, threadCount: 1)
        }
        #expect(bytes(.recompute, .float32) < bytes(.keep, .float32))
        #expect(bytes(.keep, .mixed) < bytes(.keep, .float32))
        #expect(bytes(.recompute, .mixed) < bytes(.recompute, .float32))
        let exact = try pass(Self.wider, shape)
        let rounded = try pass(Self.wider, shape, precision: .mixed)
        #expect(relativeError(rounded.output, exact.output) < 2e-2)
        #expect(relativeError(rounded.gradients, exact.gradients) < 6e-2)
    }

    @Test(arguments: [BatchShape(count: 1, height: 16, width: 24), BatchShape(count: 5, height: 8, width: 8)])
    func threadsChangeNoBitInMixedPrecision(shape: BatchShape) throws {
        let one = try pass(Self.wider, shape, precision: .mixed, threadCount: 1)
        for threadCount in [2, 3, 7] {
            let other = try pass(Self.wider, shape, precision: .mixed, threadCount: threadCount)
            #expect(other.output == one.output && other.gradients == one.gradients)
        }
    }

    /// The published network trains on a whole picture of the challenge within 8 GB, parameters and all.
    @Test func publishedNetworkFitsIntoEightGigabytes() throws {
        let store = try ParameterStore(configuration: .published)
        for memory in MemoryPlan.allCases {
            let bytes = GradientSession.bytes(
                parameters: store, shape: BatchShape(count: 1, height: 256, width: 256), memory: memory,
                threadCount: 2)
            print("published network, 256×256, \(memory): \(bytes / 1_000_000) MB")
            // Values, gradients and AdamW's two moments.
            #expect(bytes + 4 * 4 * store.count < 8_000_000_000)
        }
    }
}
