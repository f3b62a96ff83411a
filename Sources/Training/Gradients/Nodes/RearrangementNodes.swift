import Kernels
import Tensors

/// Shuffles or unshuffles the pixels of features that no other node reads.
struct ShuffleNode: TrainingNode {
    let input: MapIndex
    let output: MapIndex
    /// Whether the output has fewer channels and more pixels.
    let enlarges: Bool

    func forward(_ context: PassContext) {
        context.forEachPicture { picture, scratch in
            move(
                context.value(input, picture), into: context.value(output, picture), enlarges: enlarges,
                scratch.team)
        }
    }

    func backward(_ context: PassContext) {
        context.forEachPicture { picture, scratch in
            move(
                context.gradient(output, picture), into: context.gradient(input, picture),
                enlarges: !enlarges, scratch.team)
        }
    }

    private func move(_ source: FeatureMap, into target: FeatureMap, enlarges: Bool, _ team: WorkerTeam) {
        if enlarges {
            PixelShuffle.shuffle(source, into: target, team: team)
        } else {
            PixelShuffle.unshuffle(source, into: target, team: team)
        }
    }

    var needs: NodeNeeds { NodeNeeds() }
}

/// Joins two maps along the channels.
struct JoinNode: TrainingNode {
    let first: MapIndex
    let second: MapIndex
    let output: MapIndex
    /// This node's index in the plan.
    let index: Int

    func forward(_ context: PassContext) {
        context.forEachPicture { picture, scratch in
            let (first, second) = (context.value(first, picture), context.value(second, picture))
            let target = context.value(output, picture)
            overRows(of: target, scratch) { Pixels.join(first, second, target: target, pixels: $0) }
        }
    }

    func backward(_ context: PassContext) {
        let addsFirst = context.plan.addsGradient(node: index, to: first)
        let addsSecond = context.plan.addsGradient(node: index, to: second)
        context.forEachPicture { picture, scratch in
            let (first, second) = (context.gradient(first, picture), context.gradient(second, picture))
            let gradient = context.gradient(output, picture)
            overRows(of: gradient, scratch) {
                Pixels.split(
                    gradient, first: first, adding: addsFirst, second: second, adding: addsSecond, pixels: $0)
            }
        }
    }

    /// Calls `body` concurrently with the range of each row's pixels.
    private func overRows(
        of map: FeatureMap, _ scratch: TrainingScratch, _ body: @Sendable (Range<Int>) -> Void
    ) {
        scratch.team.run(count: map.height) { row, _ in
            body(row * map.width..<(row + 1) * map.width)
        }
    }

    var needs: NodeNeeds { NodeNeeds() }
}
