import Kernels
import PromptIR
import Tensors

/// Forward and backward passes of a network on batches of one shape.
///
/// All memory is planned and allocated at once; a pass allocates nothing. Results are the same to the last bit for
/// any number of threads and for either memory plan. Two threads must not use a session at once.
package final class GradientSession {
    package let shape: BatchShape
    private let image: MapIndex
    private let residual: MapIndex
    private let forwards: PassContext
    private let backwards: PassContext
    private let restored: AlignedBuffer

    /// - Parameters:
    ///   - parameters: read by the forward pass; the backward pass adds to their gradients.
    ///   - shape: height and width must be multiples of 8.
    ///   - team: must not run another call while a pass runs.
    /// - Throws: `OutOfMemory`.
    package init(
        parameters: ParameterStore, shape: BatchShape, memory: MemoryPlan = .keep,
        precision: TrainingPrecision = .float32, team: WorkerTeam
    ) throws {
        let builder = Self.builder(parameters, shape, memory, precision, team.threadCount)
        self.shape = shape
        image = builder.image
        residual = builder.residual
        let (plan, arena) = (builder.plan, try AlignedBuffer(count: builder.plan.total))
        let innerTeams = Self.innerTeams(plan, team)
        forwards = PassContext(
            plan: plan, arena: arena, team: team, innerTeams: innerTeams, isBackward: false)
        backwards = PassContext(
            plan: plan, arena: arena, team: team, innerTeams: innerTeams, isBackward: true)
        restored = try AlignedBuffer(count: shape.valueCount)
    }

    /// Returns the whole team if pictures are processed one after the other, or else a team for each concurrent
    /// picture.
    private static func innerTeams(_ plan: TrainingPlan, _ team: WorkerTeam) -> [WorkerTeam] {
        guard plan.pictureThreadCount > 1 else { return [team] }
        return (0..<plan.pictureThreadCount).map { _ in WorkerTeam(threadCount: plan.innerThreadCount) }
    }

    private static func builder(
        _ parameters: ParameterStore, _ shape: BatchShape, _ memory: MemoryPlan,
        _ precision: TrainingPrecision, _ threadCount: Int
    ) -> TrainingPlanBuilder {
        precondition(
            shape.count > 0 && NetworkSide.fits(height: shape.height, width: shape.width),
            "a batch's height and width are multiples of \(NetworkSide.unit)")
        precondition(threadCount > 0, "at least one thread")
        return TrainingPlanBuilder(
            parameters: parameters, shape: shape, memory: memory, precision: precision,
            threadCount: threadCount)
    }

    /// Returns the bytes of a session beyond its parameters, before anything is allocated.
    package static func bytes(
        parameters: ParameterStore, shape: BatchShape, memory: MemoryPlan = .keep,
        precision: TrainingPrecision = .float32, threadCount: Int
    ) -> Int {
        4 * (builder(parameters, shape, memory, precision, threadCount).plan.total + shape.valueCount)
    }

    /// Restores a batch.
    ///
    /// - Parameter degraded: N×3×H×W planes, nominally in [0, 1].
    /// - Returns: planes of the same shape, not clamped, valid until the next call.
    package func forward(_ degraded: AlignedBuffer) -> AlignedBuffer {
        precondition(degraded.count >= shape.valueCount, "a batch is N×3×H×W floats")
        let size = 3 * shape.height * shape.width
        forwards.forEachPicture { [forwards, image] picture, _ in
            PlanarPixels.load(
                FloatRun(degraded, offset: picture * size), into: forwards.value(image, picture))
        }
        for (index, node) in forwards.plan.nodes.enumerated() {
            node.forward(forwards.of(node: index))
        }
        forwards.forEachPicture { [forwards, residual, restored] picture, _ in
            PlanarPixels.store(
                forwards.value(residual, picture), adding: FloatRun(degraded, offset: picture * size),
                into: FloatRun(restored, offset: picture * size))
        }
        return restored
    }

    /// Adds the gradients of the latest forward pass to `parameters.gradients`. It must be called once per
    /// forward pass.
    ///
    /// - Parameter outputGradient: the gradient of the loss with respect to the result of `forward`, N×3×H×W
    ///   planes.
    package func backward(_ outputGradient: AlignedBuffer) {
        precondition(outputGradient.count >= shape.valueCount, "a batch is N×3×H×W floats")
        let size = 3 * shape.height * shape.width
        backwards.forEachPicture { [backwards, residual] picture, _ in
            PlanarPixels.load(
                FloatRun(outputGradient, offset: picture * size), into: backwards.gradient(residual, picture))
        }
        for (index, node) in backwards.plan.nodes.enumerated().reversed() {
            node.backward(backwards.of(node: index))
        }
    }
}
