import Kernels
import Tensors

/// A node's view of the arena during a pass.
struct PassContext: Sendable {
    let plan: TrainingPlan
    let arena: AlignedBuffer
    let team: WorkerTeam
    /// For each picture that is worked on side by side, the threads inside of it.
    let innerTeams: [WorkerTeam]
    let isBackward: Bool

    /// Pictures that are worked on side by side, and threads for each of them.
    private var pictureThreadCount: Int { plan.pictureThreadCount }
    private var innerThreadCount: Int { plan.innerThreadCount }

    var pictureCount: Int { plan.shape.count }
    var groupCount: Int { plan.groupCount }

    /// The features of one picture.
    func value(_ map: MapIndex, _ picture: Int) -> FeatureMap {
        view(map, offset: isBackward ? plan.restoredOffsets[map] : plan.valueOffsets[map], picture)
    }

    /// The gradient of the loss by these features.
    func gradient(_ map: MapIndex, _ picture: Int) -> FeatureMap {
        view(map, offset: plan.gradientOffsets[map], picture)
    }

    private func view(_ map: MapIndex, offset: Int, _ picture: Int) -> FeatureMap {
        let size = plan.maps[map]
        let run = FloatRun(arena, offset: offset + picture * size.count)
        return FeatureMap(run, channels: size.channels, height: size.height, width: size.width)
    }

    /// What a node keeps for one picture between the passes.
    func kept(_ run: RunIndex, _ picture: Int) -> FloatRun {
        FloatRun(arena, offset: plan.runOffsets[run] + picture * plan.runs[run].count)
    }

    /// Stores what a node's backward pass will read in half precision, after its forward pass.
    func archive(node: Int) {
        guard plan.precision == .half else { return }
        for map in plan.keptMaps(node: node) {
            let (source, target) = (plan.valueOffsets[map], plan.halfOffsets[map])
            overChunks(of: map) { start, count in
                HalfPrecision.encode(
                    FloatRun(arena, offset: source + start), count: count,
                    into: FloatRun(arena, offset: target + start / 2))
            }
        }
    }

    /// Gives it back before the backward pass.
    func restore(node: Int) {
        guard plan.precision == .half else { return }
        for map in plan.keptMaps(node: node) {
            let (source, target) = (plan.halfOffsets[map], plan.restoredOffsets[map])
            overChunks(of: map) { start, count in
                HalfPrecision.decode(
                    FloatRun(arena, offset: source + start / 2), count: count,
                    into: FloatRun(arena, offset: target + start))
            }
        }
    }

    /// Calls `body(start, count)` for runs of a map's floats, all pictures in a row, side by side.
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

    /// Calls `body` for every picture, side by side.
    func forEachPicture(_ body: @Sendable (_ picture: Int, _ scratch: TrainingScratch) -> Void) {
        team.run(count: pictureCount, limit: pictureThreadCount) { picture, worker in
            body(picture, scratch(worker))
        }
    }

    /// Calls `body` for every picture, those of a group one after the other, with the group's sums of gradients,
    /// which are zero at first.
    ///
    /// - Parameter sumCount: floats of a group's sums.
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
