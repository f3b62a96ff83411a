import Datasets
import Kernels
import PromptIR
import RandomNumbers
import Restoration
import Tensors

/// Makes updates: the forward pass, the loss, the backward pass, the sum over all processes, the optimizer's
/// step, and the moving average.
package final class TrainingStep {
    /// The result of an update.
    package struct Outcome: Sendable {
        /// The loss over all processes.
        package let loss: Double
        /// The mean squared error of this process's part, for the displayed PSNR.
        package let squaredError: Double
        /// The L2 norm of all gradients, before clipping.
        package let gradientNorm: Double
    }

    /// The session and memory for batches of one shape.
    private struct ShapeResources {
        let session: GradientSession
        let byteCount: Int
        let evaluator: LossEvaluator
        let coarsePasses: CoarsePasses?
    }

    /// The largest number of shapes. Whole pictures have two orientations; further shapes replace the least recently
    /// used one.
    private static let shapeLimit = 2
    /// Separates this random sequence from those of the data.
    private static let coarseKey: UInt64 = 0xC0A2_5E00

    private let state: TrainingState
    private let ranks: Ranks
    private let team: WorkerTeam
    private let memory: MemoryChoice
    /// The shapes, with the most recently used last.
    private var shapes: [(shape: BatchShape, resources: ShapeResources)] = []

    package init(state: TrainingState, ranks: Ranks, threadCount: Int, memory: MemoryChoice) {
        self.state = state
        self.ranks = ranks
        team = WorkerTeam(threadCount: threadCount)
        self.memory = memory
    }

    /// Makes the update that belongs to this batch. With coarse passes, the batch's degraded pictures are overwritten.
    ///
    /// - Throws: `TrainingError` if loss or gradients are not finite (nothing has then changed), `OutOfMemory`,
    ///   `LossError`, `RanksError`.
    package func run(_ batch: PairBatch, learningRate: Double) throws -> Outcome {
        let shape = BatchShape(count: batch.count, height: batch.height, width: batch.width)
        let resources = try resources(for: shape)
        let parameters = state.parameters
        resources.coarsePasses?.run(batch.degraded, depth: coarseDepth)
        FlatVector.zero(parameters.gradients, count: parameters.count, team: team)
        let output = resources.session.forward(batch.degraded)
        let ownLoss = resources.evaluator.evaluate(output: output, clean: batch.clean)
        let squaredError = ElementLoss.meanSquaredError(
            output: output, target: batch.clean, count: shape.valueCount, team: team)
        resources.session.backward(resources.evaluator.gradient)

        try ranks.sum(parameters.gradients, count: parameters.count)
        let loss = try ranks.sum(ownLoss) / Double(ranks.count)
        let divisor = Double(ranks.count)
        let norm = GradientNorm(parameters, scale: divisor, team: team)
        try check(loss: loss, norm: norm)
        let clip = norm.clipFactor(limit: state.progress.settings.clipNorm)
        try state.optimizer.step(
            learningRate: learningRate, gradientFactor: Float(clip / divisor), team: team)
        follow()
        return Outcome(loss: loss, squaredError: squaredError, gradientNorm: norm.value)
    }

    private func check(loss: Double, norm: GradientNorm) throws {
        let update = state.progress.update + 1
        if !loss.isFinite { throw TrainingError.notANumber(update: update, what: "the loss", loss) }
        if !norm.isFinite {
            throw TrainingError.notANumber(update: update, what: "the gradients' norm", norm.value)
        }
    }

    /// The largest number of halvings of this update's batch: 0 in half of the updates, otherwise each number
    /// with the same probability. It depends only on the seed and the position.
    private var coarseDepth: Int {
        let settings = state.progress.settings
        guard let most = settings.coarsest?.trailingZeroBitCount, most > 0 else { return 0 }
        var numbers = RandomSequence(
            settings.seed, Self.coarseKey, UInt64(bitPattern: Int64(state.progress.update)))
        return numbers.isTrue(withProbability: 0.5) ? 0 : 1 + numbers.below(most)
    }

    /// Updates the moving average.
    private func follow() {
        guard let average = state.average, let decay = state.progress.settings.averageDecay else { return }
        FlatVector.average(
            state.parameters.values, into: average, share: 1 - decay, count: state.parameters.count,
            team: team)
    }

    private func resources(for shape: BatchShape) throws -> ShapeResources {
        if let index = shapes.firstIndex(where: { $0.shape == shape }) {
            if index != shapes.count - 1 { shapes.append(shapes.remove(at: index)) }
            return shapes[shapes.count - 1].resources
        }
        if shapes.count == Self.shapeLimit { shapes.removeFirst() }
        let made = try resources(of: shape)
        shapes.append((shape, made))
        return made
    }

    /// Creates resources beside the existing ones if memory allows; otherwise they replace the existing ones.
    private func resources(of shape: BatchShape) throws -> ShapeResources {
        let precision = state.progress.settings.precision
        let coarseByteCount =
            state.progress.settings.coarsest.map {
                CoarsePasses.byteCount(
                    parameters: state.parameters, shape: shape, depth: $0.trailingZeroBitCount,
                    threadCount: team.threadCount)
            } ?? 0
        func plan() throws(TrainingError) -> (plan: MemoryPlan, byteCount: Int) {
            try memory.plan(
                parameters: state.parameters, shape: shape, precision: precision,
                threadCount: team.threadCount,
                occupied: shapes.reduce(coarseByteCount) { $0 + $1.resources.byteCount })
        }
        let chosen: (plan: MemoryPlan, byteCount: Int)
        do {
            chosen = try plan()
        } catch {
            shapes = []
            chosen = try plan()
        }
        let coarsest = state.progress.settings.coarsest
        let coarsePasses = try coarsest.map {
            try CoarsePasses(
                parameters: state.parameters, shape: shape, depth: $0.trailingZeroBitCount, team: team)
        }
        return try ShapeResources(
            session: GradientSession(
                parameters: state.parameters, shape: shape, memory: chosen.plan, precision: precision,
                team: team), byteCount: chosen.byteCount + coarseByteCount,
            evaluator: LossEvaluator(state.progress.settings.loss, shape: shape, team: team),
            coarsePasses: coarsePasses)
    }
}
