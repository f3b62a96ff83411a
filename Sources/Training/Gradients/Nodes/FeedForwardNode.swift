import Kernels
import Tensors

/// Computes `y = x + feed_forward(norm(x))`.
struct FeedForwardNode: TrainingNode {
    let feedForward: TrainableFeedForward
    let input: MapIndex
    let output: MapIndex
    /// The run of projected features; nil if the backward pass computes them again.
    let projected: RunIndex?
    let size: TrainingPlan.Map

    func forward(_ context: PassContext) {
        let weights = context.packedWeights
        feedForward.pack(into: weights, for: .forward, team: context.team)
        context.forEachPicture { picture, scratch in
            feedForward.forward(
                weights, input: context.value(input, picture), output: context.value(output, picture),
                kept: context.panels(projected, picture), scratch: scratch)
        }
    }

    func backward(_ context: PassContext) {
        let weights = context.packedWeights
        feedForward.pack(
            into: weights, for: projected == nil ? .recomputingBackward : .backward, team: context.team)
        context.forEachPicture(sumCount: feedForward.sumCount) { picture, sums, scratch in
            feedForward.backward(
                weights, input: context.value(input, picture), gradient: context.gradient(output, picture),
                kept: context.panels(projected, picture), sums: sums, scratch: scratch)
        }
        feedForward.reduce(
            context.sums, groupCount: context.groupCount, scratch: context.shared,
            team: context.team)
    }

    var needs: NodeNeeds {
        NodeNeeds(
            packed: feedForward.packedCount, sums: feedForward.sumCount,
            picture: feedForward.pictureScratchCount(height: size.height, width: size.width),
            worker: feedForward.workerScratchCount(height: size.height, width: size.width),
            shared: feedForward.reductionCount)
    }
}
