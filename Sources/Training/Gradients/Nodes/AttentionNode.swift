import Kernels
import Tensors

/// Computes `y = x + attention(norm(x))`.
struct AttentionNode: TrainingNode {
    let attention: TrainableChannelAttention
    let input: MapIndex
    let output: MapIndex
    /// The run of projected features; nil if the backward pass computes them again.
    let projected: RunIndex?
    let moments: RunIndex
    let size: TrainingPlan.Map

    func forward(_ context: PassContext) {
        let weights = context.packedWeights
        attention.pack(into: weights, for: .forward, team: context.team)
        context.forEachPicture { picture, scratch in
            attention.forward(
                weights, input: context.value(input, picture), output: context.value(output, picture),
                kept: context.panels(projected, picture), moments: context.kept(moments, picture),
                scratch: scratch)
        }
    }

    func backward(_ context: PassContext) {
        let weights = context.packedWeights
        attention.pack(
            into: weights, for: projected == nil ? .recomputingBackward : .backward, team: context.team)
        context.forEachPicture(sumCount: attention.sumCount) { picture, sums, scratch in
            attention.backward(
                weights, input: context.value(input, picture), gradient: context.gradient(output, picture),
                kept: context.panels(projected, picture), moments: context.kept(moments, picture), sums: sums,
                scratch: scratch)
        }
        attention.reduce(
            context.sums, groupCount: context.groupCount, scratch: context.shared,
            team: context.team)
    }

    var needs: NodeNeeds {
        NodeNeeds(
            packed: attention.packedCount, sums: attention.sumCount,
            picture: max(
                attention.forwardScratchCount(height: size.height, width: size.width),
                attention.backwardScratchCount(height: size.height, width: size.width)),
            worker: attention.workerScratchCount(height: size.height, width: size.width),
            shared: attention.reductionCount)
    }
}

extension PassContext {
    /// Returns the place of a picture's kept projected features.
    func panels(_ run: RunIndex?, _ picture: Int) -> KeptPanels {
        guard let run else { return .none }
        let panels = kept(run, picture)
        return plan.precision == .mixed ? .rounded(panels) : .float32(panels)
    }
}
