import Kernels
import Tensors

/// Runs the steps of a plan on an arena, each on all threads of a team. It allocates nothing.
final class StepRunner: @unchecked Sendable {
    // Unchecked because state changes only between the steps, when no task runs.

    private let plan: ForwardPlan
    private let arena: AlignedBuffer
    private let team: WorkerTeam
    private var step: ForwardPlan.Step
    private var planes: ImagePlanes?
    private var onProgress: (@Sendable () -> Void)?

    init(plan: ForwardPlan, arena: AlignedBuffer, team: WorkerTeam) {
        self.plan = plan
        self.arena = arena
        self.team = team
        step = plan.steps[0]
    }

    /// Sets the planes for the following steps, or nil.
    func begin(_ planes: ImagePlanes?, onProgress: (@Sendable () -> Void)?) {
        self.planes = planes
        self.onProgress = onProgress
    }

    func run(_ index: Int) {
        step = plan.steps[index]
        team.run(count: taskCount) { task, worker in run(task: task, worker: worker) }
    }

    /// Waits until no thread works or spins.
    func rest() { team.rest() }

    /// Returns the number of pixels per task of a pointwise step. Its reads and writes fit into a small
    /// second-level cache, and it has enough rows to make streaming the weights worthwhile.
    private func pixelsPerTask(_ buffer: ForwardPlan.BufferIndex) -> Int {
        max(192, 32_768 / plan.buffers[buffer].stride)
    }

    private func taskCount(pixelsOf buffer: ForwardPlan.BufferIndex) -> Int {
        let count = plan.buffers[buffer].height * plan.buffers[buffer].width
        let size = pixelsPerTask(buffer)
        return (count + size - 1) / size
    }

    private func pixels(_ task: Int, of buffer: ForwardPlan.BufferIndex) -> Range<Int> {
        let count = plan.buffers[buffer].height * plan.buffers[buffer].width
        let size = pixelsPerTask(buffer)
        return task * size..<min((task + 1) * size, count)
    }

    private var taskCount: Int {
        switch step {
        case .load, .mix, .mixPrompt: 1
        case .convolve(_, let grid, _, _), .gather(_, let grid, _, _, _), .feedForward(_, let grid, _, _),
            .output(_, let grid, _):
            grid.strips.count
        case .pointwise(_, let source, _): taskCount(pixelsOf: source)
        case .apply(_, _, _, let features): taskCount(pixelsOf: features)
        case .join(_, _, let target): taskCount(pixelsOf: target)
        case .resizePrompt(_, _, let target): plan.buffers[target].height
        }
    }

    private func run(task: Int, worker: Int) {
        switch step {
        case .load(let target):
            if let planes { PaddedImage.load(planes, into: map(target)) }
        case .convolve, .gather, .feedForward, .output:
            runStrip(task, scratch(worker))
            onProgress?()
        case .pointwise(let convolution, let source, let target):
            convolution.run(
                map(source), output: map(target), pixels: pixels(task, of: source),
                scratch: scratch(worker))
        case .mix(let attention, let sums, let stripCount, let matrix):
            attention.mix(
                sums: floats(sums), stripCount: stripCount, matrix: floats(matrix),
                scratch: FloatRun(arena, offset: plan.arenaCount))
        case .apply(let attention, let matrix, let values, let features):
            attention.apply(
                floats(matrix), values: map(values), to: map(features), pixels: pixels(task, of: features),
                scratch: scratch(worker))
        case .mixPrompt(let prompt, let features, let means, let mixture):
            Pixels.means(map(features), into: floats(means))
            prompt.mix(means: floats(means), mixture: floats(mixture))
        case .resizePrompt(let prompt, let mixture, let target):
            prompt.resize(
                floats(mixture), output: map(target), rows: task..<task + 1, scratch: scratch(worker))
        case .join(let first, let second, let target):
            Pixels.join(map(first), map(second), target: map(target), pixels: pixels(task, of: target))
        }
    }

    private func runStrip(_ index: Int, _ scratch: FloatRun) {
        switch step {
        case .convolve(let convolution, let grid, let source, let target):
            convolution.run(
                grid.strips[index], grid: grid, input: map(source), output: map(target), scratch: scratch)
        case .gather(let attention, let grid, let source, let values, let sums):
            attention.gather(
                stripAt: index, grid: grid, input: map(source), values: map(values), sums: floats(sums),
                scratch: scratch)
        case .feedForward(let feedForward, let grid, let source, let target):
            feedForward.run(
                grid.strips[index], grid: grid, input: map(source), output: map(target), scratch: scratch)
        case .output(let convolution, let grid, let source):
            guard let planes else { return }
            convolution.run(grid.strips[index], input: map(source), planes: planes, scratch: scratch)
        default:
            preconditionFailure("not a step over strips")
        }
    }

    private func map(_ index: ForwardPlan.BufferIndex) -> FeatureMap {
        plan.map(index, in: arena)
    }

    private func scratch(_ worker: Int) -> FloatRun {
        FloatRun(arena, offset: plan.arenaCount + worker * plan.scratchCount)
    }

    private func floats(_ index: ForwardPlan.BufferIndex) -> FloatRun {
        FloatRun(arena, offset: plan.buffers[index].offset)
    }
}
