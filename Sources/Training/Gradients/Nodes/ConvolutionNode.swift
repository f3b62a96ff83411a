import Kernels
import Tensors

/// Computes a 3×3 convolution.
struct ConvolutionNode: TrainingNode {
    let convolution: TrainableConvolution3x3
    let input: MapIndex
    let output: MapIndex
    let size: TrainingPlan.Map
    /// This node's index in the plan.
    let index: Int
    /// Whether the input is the image, whose gradient is not needed.
    let isFirst: Bool

    func forward(_ context: PassContext) {
        let weights = context.packedWeights
        convolution.pack(into: weights, isBackward: false, team: context.team)
        context.forEachPicture { picture, scratch in
            convolution.run(
                weights, input: context.value(input, picture), output: context.value(output, picture),
                scratch: scratch)
        }
    }

    func backward(_ context: PassContext) {
        let weights = context.packedWeights
        convolution.pack(into: weights, isBackward: true, team: context.team)
        let adds = context.plan.addsGradient(node: index, to: input)
        context.forEachPicture(sumCount: convolution.sumCount) { picture, sums, scratch in
            convolution.addGradients(
                input: context.value(input, picture), gradient: context.gradient(output, picture), sums: sums,
                scratch: scratch)
            if !isFirst {
                convolution.run(
                    weights, input: context.gradient(output, picture),
                    output: context.gradient(input, picture),
                    adds: adds, scratch: scratch)
            }
        }
        convolution.reduce(
            context.sums, groupCount: context.groupCount, team: context.team)
    }

    var needs: NodeNeeds {
        NodeNeeds(
            packed: convolution.packedCount, sums: convolution.sumCount,
            picture: convolution.scratchCount(height: size.height, width: size.width))
    }
}

/// Computes a 1×1 convolution of features that no other node reads.
struct PointwiseNode: TrainingNode {
    let convolution: TrainablePointwiseConvolution
    let input: MapIndex
    let output: MapIndex

    func forward(_ context: PassContext) {
        let weights = context.packedWeights
        convolution.pack(into: weights, isBackward: false, team: context.team)
        context.forEachPicture { picture, scratch in
            convolution.run(
                weights, input: context.value(input, picture), output: context.value(output, picture),
                team: scratch.team)
        }
    }

    func backward(_ context: PassContext) {
        let weights = context.packedWeights
        convolution.pack(into: weights, isBackward: true, team: context.team)
        context.forEachPicture(sumCount: convolution.sumCount) { picture, sums, scratch in
            let gradient = context.gradient(output, picture)
            convolution.addGradients(
                input: context.value(input, picture), gradient: gradient, sums: sums,
                team: scratch.team)
            convolution.run(
                weights, input: gradient, output: context.gradient(input, picture),
                team: scratch.team)
        }
        convolution.reduce(
            context.sums, groupCount: context.groupCount, team: context.team)
    }

    var needs: NodeNeeds { NodeNeeds(packed: convolution.packedCount, sums: convolution.sumCount) }
}
