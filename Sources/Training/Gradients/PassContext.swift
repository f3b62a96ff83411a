import Kernels
import Tensors

/// A node's access to the arena during a pass.
struct PassContext: Sendable {
    let plan: TrainingPlan
    let arena: AlignedBuffer
    let team: WorkerTeam
    /// The threads within each concurrently processed picture.
    let innerTeams: [WorkerTeam]
    let isBackward: Bool

    /// The number of concurrently processed pictures, and the threads for each.
    private var pictureThreadCount: Int { plan.pictureThreadCount }
    private var innerThreadCount: Int { plan.innerThreadCount }

    var pictureCount: Int { plan.shape.count }
    var groupCount: Int { plan.groupCount }

    /// Returns the features of one picture.
    func value(_ map: MapIndex, _ picture: Int) -> FeatureMap {
        view(map, offset: isBackward ? plan.restoredOffsets[map] : plan.valueOffsets[map], picture)
    }

    /// Returns the gradient of the loss with respect to these features.
    func gradient(_ map: MapIndex, _ picture: Int) -> FeatureMap {
        view(map, offset: plan.gradientOffsets[map], picture)
    }

    private func view(_ map: MapIndex, offset: Int, _ picture: Int) -> FeatureMap {
        let size = plan.maps[map]
        let run = FloatRun(arena, offset: offset + picture * size.count)
        return FeatureMap(run, channels: size.channels, height: size.height, width: size.width)
    }

    /// Returns the floats that a node keeps for one picture between the passes.
    func kept(_ run: RunIndex, _ picture: Int) -> FloatRun {
        FloatRun(arena, offset: plan.runOffsets[run] + picture * plan.runs[run].count)
    }

    /// Stores the inputs of a node's backward pass in bfloat16, after its forward pass.
    func archive(node: Int) {
        guard plan.precision == .mixed else { return }
        for map in plan.keptMaps(node: node) {
            let (source, target) = (plan.valueOffsets[map], plan.roundedOffsets[map])
            overChunks(of: map) { start, count in
                RoundedFeatures.store(
                    FloatRun(arena, offset: source + start), count: count,
                    into: FloatRun(arena, offset: target + start / 2))
            }
        }
    }

    /// Converts the archived inputs back to float32 before the backward pass.
    func restore(node: Int) {
        guard plan.precision == .mixed else { return }
        for map in plan.keptMaps(node: node) {
            let (source, target) = (plan.roundedOffsets[map], plan.restoredOffsets[map])
            overChunks(of: map) { start, count in
                RoundedFeatures.load(
                    FloatRun(arena, offset: source + start / 2), count: count,
                    into: FloatRun(arena, offset: target + start))
            }
        }
    }

    /// Calls `body(start, count)` concurrently for chunks of a map's floats over all pictures.
    private func overChunks(of map: MapIndex, _ body: @Sendable (_ start: Int, _ count: Int) -> Void) {
        let (total, size) = (plan.maps[map].count * pictureCount, 1 << 14)
        team.run(count: (total + size - 1) / size) { chunk, _ in
            body(chunk * size, min(size, total - chunk * size))
        }
    }

    var packedWeights: FloatRun { FloatRun(arena, offset: plan.packedOffset) }
    var sums: FloatRun { FloatRun(arena, offset: plan.sumOffset) }
    var shared: FloatRun { FloatRun(arena, offset: plan.sharedOffset) }

    private func scratch(_ worker: Int) -> TrainingScratch {
        TrainingScratch(
            picture: FloatRun(arena, offset: plan.pictureOffset + worker * plan.pictureStride),
            workers: FloatRun(
                arena, offset: plan.workerOffset + worker * innerThreadCount * plan.workerStride),
            workerStride: plan.workerStride, team: innerTeams[worker])
    }

    /// Calls `body` for every picture, concurrently.
    func forEachPicture(_ body: @Sendable (_ picture: Int, _ scratch: TrainingScratch) -> Void) {
        team.run(count: pictureCount, limit: pictureThreadCount) { picture, worker in
            body(picture, scratch(worker))
        }
    }

    /// Calls `body` for every picture with its group's gradient sums, which are initially zero. The pictures
    /// of a group are processed one after the other.
    ///
    /// - Parameter sumCount: the number of floats in a group's sums.
    func forEachPicture(
        sumCount: Int,
        _ body: @Sendable (_ picture: Int, _ sums: FloatRun, _ scratch: TrainingScratch) -> Void
    ) {
        let sums = sums
        team.run(count: groupCount, limit: pictureThreadCount) { group, worker in
            let groupSums = sums.advanced(by: group * sumCount)
            groupSums.zero(count: sumCount)
            for picture in plan.pictures(group: group) { body(picture, groupSums, scratch(worker)) }
        }
    }
}
