import Kernels
import Tensors

/// Computes a prompt, mixed according to the features, before its convolution.
struct PromptNode: TrainingNode {
    let prompt: TrainablePrompt
    let features: MapIndex
    let output: MapIndex
    let choices: RunIndex
    let shape: BatchShape
    let threadCount: Int

    func forward(_ context: PassContext) {
        context.forEachPicture { picture, scratch in
            prompt.forward(
                context.value(features, picture), output: context.value(output, picture),
                kept: context.kept(choices, picture), mixture: scratch.picture,
                team: scratch.team)
        }
    }

    func backward(_ context: PassContext) {
        let mixtures = context.shared
        context.forEachPicture { picture, _ in
            prompt.resizeBackward(
                context.gradient(output, picture),
                mixture: mixtures.advanced(by: picture * prompt.mixtureCount))
        }
        let map = context.gradient(features, 0)
        prompt.backward(
            mixtures: mixtures, kept: context.kept(choices, 0), keptStride: context.plan.runs[choices].count,
            pictureCount: context.pictureCount, pixelCount: map.pixelCount,
            scratch: mixtures.advanced(by: context.pictureCount * prompt.mixtureCount),
            team: context.team)
        // The features are always joined to the prompt afterwards, so that node has already written their
        // gradient.
        context.forEachPicture { picture, _ in
            prompt.spreadMeans(context.kept(choices, picture), over: context.gradient(features, picture))
        }
    }

    var needs: NodeNeeds {
        NodeNeeds(
            picture: prompt.mixtureCount,
            shared: shape.count * prompt.mixtureCount
                + prompt.backwardScratchCount(pictureCount: shape.count, threadCount: threadCount))
    }
}
