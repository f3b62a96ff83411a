import Kernels
import Tensors

/// Runs the steps of a plan on an arena.
struct StepRunner {
    let plan: ForwardPlan
    let arena: AlignedBuffer
    let threadCount: Int
    let onProgress: (@Sendable () -> Void)?

    /// Pixels that one task of a pointwise step takes: what it reads and writes fits into a small second-level
    /// cache, and there are enough rows to pay for streaming the weights past them.
    private static func pixelsPerTask(stride: Int) -> Int {
        max(192, 32_768 / stride)
    }

    func run(_ index: Int, input: ImageTensor, output: inout ImageTensor) {
        switch plan.steps[index] {
        case .load(let target):
            PaddedImage.load(input, into: map(target))
        case .convolve(let convolution, let grid, let source, let target):
            let (source, target) = (map(source), map(target))
            overStrips(grid) { index, scratch in
                convolution.run(
                    grid.strips[index], grid: grid, input: source, output: target, scratch: scratch)
            }
        case .pointwise(let convolution, let source, let target):
            let (source, target) = (map(source), map(target))
            overPixels(of: source) { convolution.run(source, output: target, pixels: $0) }
        case .gather, .mix, .apply, .feedForward:
            runBlockStep(plan.steps[index])
        case .mixPrompt(let prompt, let features, let means, let mixture):
            Pixels.means(map(features), into: floats(means))
            prompt.mix(means: floats(means), mixture: floats(mixture))
        case .resizePrompt(let prompt, let mixture, let target):
            let (mixture, target) = (floats(mixture), map(target))
            overRows(of: target) { prompt.resize(mixture, output: target, rows: $0) }
        case .join(let first, let second, let target):
            let (first, second, target) = (map(first), map(second), map(target))
            overPixels(of: target) { Pixels.join(first, second, target: target, pixels: $0) }
        case .output(let convolution, let grid, let source):
            let source = map(source)
            convolution.run(
                grid: grid, input: source, image: input,
                output: &output, scratch: arena, scratchOffset: plan.arenaCount,
                scratchStride: plan.scratchCount, threadCount: threadCount, onProgress: onProgress)
        }
    }

    private func runBlockStep(_ step: ForwardPlan.Step) {
        switch step {
        case .gather(let attention, let grid, let source, let values, let sums):
            let (source, values, sums) = (map(source), map(values), floats(sums))
            overStrips(grid) { index, scratch in
                attention.gather(
                    stripAt: index, grid: grid, input: source, values: values, sums: sums, scratch: scratch)
            }
        case .mix(let attention, let sums, let stripCount, let matrix):
            attention.mix(
                sums: floats(sums), stripCount: stripCount, matrix: floats(matrix),
                scratch: FloatRun(arena, offset: plan.arenaCount))
        case .apply(let attention, let matrix, let values, let features):
            let (matrix, values, features) = (floats(matrix), map(values), map(features))
            overPixels(of: features) { attention.apply(matrix, values: values, to: features, pixels: $0) }
        case .feedForward(let feedForward, let grid, let source, let target):
            let (source, target) = (map(source), map(target))
            overStrips(grid) { index, scratch in
                feedForward.run(
                    grid.strips[index], grid: grid, input: source, output: target, scratch: scratch)
            }
        default:
            preconditionFailure("not a block's step")
        }
    }

    private func map(_ index: ForwardPlan.BufferIndex) -> FeatureMap {
        plan.map(index, in: arena)
    }

    private func floats(_ index: ForwardPlan.BufferIndex) -> FloatRun {
        FloatRun(arena, offset: plan.buffers[index].offset)
    }

    private func overStrips(
        _ grid: StripGrid, _ body: @Sendable (_ index: Int, _ scratch: FloatRun) -> Void
    ) {
        let (arena, offset, stride) = (arena, plan.arenaCount, plan.scratchCount)
        let onProgress = onProgress
        ParallelFor.run(count: grid.strips.count, threadCount: threadCount) { task, worker in
            body(task, FloatRun(arena, offset: offset + worker * stride))
            onProgress?()
        }
    }

    private func overPixels(of map: FeatureMap, _ body: @Sendable (Range<Int>) -> Void) {
        let count = map.pixelCount
        let size = Self.pixelsPerTask(stride: map.stride)
        ParallelFor.run(count: (count + size - 1) / size, threadCount: threadCount) { task, _ in
            body(task * size..<min((task + 1) * size, count))
        }
    }

    private func overRows(of map: FeatureMap, _ body: @Sendable (Range<Int>) -> Void) {
        ParallelFor.run(count: map.height, threadCount: threadCount) { row, _ in body(row..<row + 1) }
    }
}
