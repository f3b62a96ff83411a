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
    /// The node whose pass this is; nil before the first and after the last.
    private(set) var node: Int?

    /// The number of concurrently processed pictures, and the threads for each.
    private var pictureThreadCount: Int { plan.pictureThreadCount }
    private var innerThreadCount: Int { plan.innerThreadCount }

    var pictureCount: Int { plan.shape.count }
    var groupCount: Int { plan.groupCount }

    /// The same for a node's pass.
    func of(node: Int) -> PassContext {
        var context = self
        context.node = node
        return context
    }

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

    /// Stores a picture's inputs of the node's backward pass in bfloat16, while they are in the cache.
    private func archive(_ picture: Int, _ team: WorkerTeam) {
        forEachKeptChunk(of: picture, team) { map, start, count in
            RoundedFeatures.store(
                FloatRun(arena, offset: plan.valueOffsets[map] + start), count: count,
                into: FloatRun(arena, offset: plan.roundedOffsets[map] + start / 2))
        }
    }

    /// Converts a picture's archived inputs back to float32.
    private func restore(_ picture: Int, _ team: WorkerTeam) {
        forEachKeptChunk(of: picture, team) { map, start, count in
            RoundedFeatures.load(
                FloatRun(arena, offset: plan.roundedOffsets[map] + start / 2), count: count,
                into: FloatRun(arena, offset: plan.restoredOffsets[map] + start))
        }
    }

    /// Calls `body(map, start, count)` concurrently for chunks of a picture's features that the node keeps in mixed precision.
    private func forEachKeptChunk(
        of picture: Int, _ team: WorkerTeam,
        _ body: @Sendable (_ map: MapIndex, _ start: Int, _ count: Int) -> Void
    ) {
        guard plan.precision == .mixed, let node else { return }
        for map in plan.keptMaps(node: node) {
            let (total, size) = (plan.maps[map].count, 1 << 14)
            team.run(count: (total + size - 1) / size) { chunk, _ in
                body(map, picture * total + chunk * size, min(size, total - chunk * size))
            }
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
            let scratch = scratch(worker)
            body(picture, scratch)
            if !isBackward { archive(picture, scratch.team) }
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
            let scratch = scratch(worker)
            for picture in plan.pictures(group: group) {
                restore(picture, scratch.team)
                body(picture, groupSums, scratch)
            }
        }
    }
}
