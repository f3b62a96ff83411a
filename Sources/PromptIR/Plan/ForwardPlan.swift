import Kernels
import Tensors

/// All steps of a forward pass on one image size, and the place of each buffer in one arena. It is a pure
/// value, made before anything is allocated.
struct ForwardPlan {
    /// A feature map or a run of floats in the arena.
    struct Buffer {
        let channels: Int
        let height: Int
        let width: Int
        /// The distance between pixels in words of 32 bits.
        let stride: Int
        let precision: Precision
        /// The first and last step that uses the buffer.
        var lifetime: ClosedRange<Int>
        /// The offset from the arena's start in floats, set by `ArenaLayout`.
        var offset = 0

        var count: Int { height * width * stride }
    }

    typealias BufferIndex = Int

    enum Step {
        case load(BufferIndex)
        case convolve(Convolution3x3, grid: StripGrid, input: BufferIndex, output: BufferIndex)
        case pointwise(PointwiseConvolution, input: BufferIndex, output: BufferIndex)
        case gather(
            ChannelAttention, grid: StripGrid, input: BufferIndex, values: BufferIndex, sums: BufferIndex)
        case mix(ChannelAttention, sums: BufferIndex, stripCount: Int, matrix: BufferIndex)
        case apply(ChannelAttention, matrix: BufferIndex, values: BufferIndex, features: BufferIndex)
        case feedForward(FeedForward, grid: StripGrid, input: BufferIndex, output: BufferIndex)
        case mixPrompt(PromptMixture, features: BufferIndex, means: BufferIndex, mixture: BufferIndex)
        case resizePrompt(PromptMixture, mixture: BufferIndex, output: BufferIndex)
        case join(BufferIndex, BufferIndex, output: BufferIndex)
        case output(OutputConvolution, grid: StripGrid, input: BufferIndex)
    }

    private(set) var steps: [Step] = []
    /// The checkpoint's module to which each step belongs, for profiles and tests.
    private(set) var modules: [String] = []
    private(set) var buffers: [Buffer] = []
    /// The number of floats in the arena before the workers' scratch memory.
    private(set) var arenaCount = 0
    /// The number of floats of scratch memory for each worker.
    private(set) var scratchCount = 0
    /// The output buffer of each module that ends a stage, for tests.
    private(set) var outputs: [(module: String, step: Int, buffer: BufferIndex)] = []

    private var module = ""
    /// Of all maps but the image.
    private let precision: Precision

    /// - Parameters:
    ///   - height, width: the image's size, multiples of 8.
    init(network: Network, height: Int, width: Int) {
        precision = network.precision
        build(network, height: height, width: width)
        arenaCount = ArenaLayout.assignOffsets(&buffers)
    }

    /// The floats of a pass with so many threads.
    func count(_ threadCount: Int) -> Int { arenaCount + scratchCount * threadCount }

    func map(_ index: BufferIndex, in arena: AlignedBuffer) -> FeatureMap {
        let buffer = buffers[index]
        return FeatureMap(
            base: arena.base + buffer.offset, channels: buffer.channels, height: buffer.height,
            width: buffer.width, stride: buffer.stride, precision: buffer.precision)
    }

    // MARK: - Building

    private mutating func buffer(_ channels: Int, _ height: Int, _ width: Int) -> BufferIndex {
        buffer(
            channels, height, width, stride: FeatureMap.stride(channels, in: precision), precision: precision)
    }

    private mutating func buffer(
        _ channels: Int, _ height: Int, _ width: Int, stride: Int, precision: Precision
    ) -> BufferIndex {
        buffers.append(
            Buffer(
                channels: channels, height: height, width: width, stride: stride, precision: precision,
                lifetime: steps.count...steps.count))
        return buffers.count - 1
    }

    /// Adds a run of floats that is not a map.
    private mutating func run(_ count: Int) -> BufferIndex {
        buffer(1, 1, 1, stride: FeatureMap.paddedChannels(count), precision: .float32)
    }

    private mutating func add(_ step: Step, touching indices: BufferIndex..., scratch: Int = 0) {
        for index in indices {
            buffers[index].lifetime = buffers[index].lifetime.lowerBound...steps.count
        }
        steps.append(step)
        modules.append(module)
        scratchCount = max(scratchCount, FeatureMap.paddedChannels(scratch))
    }

    private func grid(_ index: BufferIndex) -> StripGrid {
        StripGrid(height: buffers[index].height, width: buffers[index].width, precision: precision)
    }

    private mutating func convolve(
        _ module: Topology.Module, _ convolution: Convolution3x3, _ input: BufferIndex
    ) -> BufferIndex {
        let (height, width) = (buffers[input].height, buffers[input].width)
        let grid = grid(input)
        let output: BufferIndex
        switch convolution.rearrangement {
        case .none: output = buffer(convolution.outputChannels, height, width)
        case .shuffle: output = buffer(convolution.outputChannels / 4, 2 * height, 2 * width)
        case .unshuffle: output = buffer(convolution.outputChannels * 4, height / 2, width / 2)
        }
        self.module = module.convolution
        add(
            .convolve(convolution, grid: grid, input: input, output: output), touching: input, output,
            scratch: convolution.scratchCount(grid: grid))
        finish(module, output)
        return output
    }

    private mutating func reduce(
        _ module: Topology.Module, _ convolution: PointwiseConvolution, to channels: Int, _ input: BufferIndex
    ) -> BufferIndex {
        let output = buffer(channels, buffers[input].height, buffers[input].width)
        self.module = module.name
        add(
            .pointwise(convolution, input: input, output: output), touching: input, output,
            scratch: convolution.scratchCount(buffers[input].channels))
        finish(module, output)
        return output
    }

    private mutating func finish(_ module: Topology.Module, _ buffer: BufferIndex) {
        outputs.append((module.name, steps.count - 1, buffer))
    }

    private mutating func stage(
        _ module: Topology.Module, _ blocks: [TransformerBlock], _ input: BufferIndex
    ) -> BufferIndex {
        var features = input
        for (index, block) in blocks.enumerated() {
            self.module = "\(module.name).\(index)"
            features = self.block(block, features)
        }
        finish(module, features)
        return features
    }

    private mutating func block(_ block: TransformerBlock, _ features: BufferIndex) -> BufferIndex {
        let attention = block.attention
        let (height, width) = (buffers[features].height, buffers[features].width)
        let grid = grid(features)
        let values = buffer(block.channels, height, width)
        let sums = run(grid.strips.count * attention.sumCount)
        add(
            .gather(attention, grid: grid, input: features, values: values, sums: sums), touching: features,
            values, sums,
            scratch: attention.gatherScratchCount(grid: grid))
        let matrix = run(attention.matrixCount)
        add(
            .mix(attention, sums: sums, stripCount: grid.strips.count, matrix: matrix), touching: sums,
            matrix,
            scratch: attention.mixScratchCount)
        add(
            .apply(attention, matrix: matrix, values: values, features: features), touching: matrix, values,
            features, scratch: attention.applyScratchCount)
        let output = buffer(block.channels, height, width)
        add(
            .feedForward(block.feedForward, grid: grid, input: features, output: output), touching: features,
            output,
            scratch: block.feedForward.scratchCount(grid: grid, channels: block.channels))
        return output
    }

    private mutating func join(_ first: BufferIndex, _ second: BufferIndex) -> BufferIndex {
        let output = buffer(
            buffers[first].channels + buffers[second].channels, buffers[first].height, buffers[first].width)
        module = "concat"
        add(.join(first, second, output: output), touching: first, second, output)
        return output
    }

    /// Adds steps that join the features with the prompt that they choose.
    private mutating func prompt(
        _ module: Topology.Module, _ prompt: PromptMixture, _ convolution: Convolution3x3,
        _ features: BufferIndex
    ) -> BufferIndex {
        self.module = module.name
        let means = run(2 * FeatureMap.paddedChannels(buffers[features].channels))
        let mixture = run(prompt.mixtureCount)
        add(
            .mixPrompt(prompt, features: features, means: means, mixture: mixture), touching: features, means,
            mixture)
        let resized = buffer(prompt.channels, buffers[features].height, buffers[features].width)
        add(
            .resizePrompt(prompt, mixture: mixture, output: resized), touching: mixture, resized,
            scratch: prompt.scratchCount)
        return join(features, convolve(module, convolution, resized))
    }

    private mutating func build(_ network: Network, height: Int, width: Int) {
        var features = buffer(3, height, width, stride: PaddedImage.stride, precision: .float32)
        var skips: [BufferIndex] = []
        module = "input"
        add(.load(features), touching: features)
        for (module, layer) in network.modules {
            switch layer {
            case .convolution(let convolution): features = convolve(module, convolution, features)
            case .stage(let blocks): features = stage(module, blocks, features)
            case .prompt(let mixture, let convolution):
                features = prompt(module, mixture, convolution, features)
            case .reduce(let convolution, let channels):
                features = reduce(module, convolution, to: channels, features)
            case .keep: skips.append(features)
            case .join: features = join(features, skips.removeLast())
            case .output(let convolution):
                self.module = module.name
                let grid = grid(features)
                add(
                    .output(convolution, grid: grid, input: features), touching: features,
                    scratch: convolution.scratchCount(grid: grid))
            }
        }
    }
}
