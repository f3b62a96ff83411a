import Kernels
import Tensors

/// Restores a training batch at coarser scales before full size, so that the network also trains on pictures
/// that it has restored at coarser scales itself.
///
/// The batch is halved once or more and restored at the smallest size. The change is doubled and added at the next
/// size, which is restored in turn. No gradient passes through a coarse pass. See `ScalePyramid`.
package final class CoarsePasses {
    /// A size below the full one.
    private struct Level {
        let session: GradientSession
        /// The unchanged batch at this size.
        let degraded: AlignedBuffer
        /// The batch with the changes of coarser levels; later this level's own change.
        let changed: AlignedBuffer
    }

    private let shape: BatchShape
    private let planeCount: Int
    /// The levels, beginning with half the size.
    private let levels: [Level]
    private let team: WorkerTeam

    /// - Parameters:
    ///   - shape: the batch's shape at full size.
    ///   - depth: the largest number of halvings; sides must stay multiples of 8.
    /// - Throws: `OutOfMemory`.
    package init(parameters: ParameterStore, shape: BatchShape, depth: Int, team: WorkerTeam) throws {
        self.shape = shape
        self.team = team
        planeCount = shape.count * 3
        levels = try Self.shapes(below: shape, depth: depth).map { shape in
            Level(
                session: try GradientSession(
                    parameters: parameters, shape: shape, memory: .recompute, team: team),
                degraded: try AlignedBuffer(count: shape.valueCount),
                changed: try AlignedBuffer(count: shape.valueCount))
        }
    }

    /// Returns the bytes that the passes need, without parameters.
    static func byteCount(parameters: ParameterStore, shape: BatchShape, depth: Int, threadCount: Int) -> Int
    {
        shapes(below: shape, depth: depth).reduce(0) { sum, shape in
            sum + 8 * shape.valueCount
                + GradientSession.bytes(
                    parameters: parameters, shape: shape, memory: .recompute, threadCount: threadCount)
        }
    }

    /// Restores a batch at coarser scales, in place.
    ///
    /// - Parameters:
    ///   - degraded: N×3×H×W planes, replaced by the input of the pass at full size.
    ///   - depth: the number of halvings, limited by the levels; 0 leaves the batch unchanged.
    package func run(_ degraded: AlignedBuffer, depth: Int) {
        let used = levels.prefix(depth)
        var source = (degraded, shape)
        for level in used {
            Resampling.halve(
                source.0.base, planeCount: planeCount, height: source.1.height, width: source.1.width,
                into: level.degraded.base)
            source = (level.degraded, level.session.shape)
        }
        var coarser: Level?
        for level in used.reversed() {
            level.changed.base.update(from: level.degraded.base, count: level.session.shape.valueCount)
            add(coarser, to: level.changed, of: level.session.shape)
            let output = level.session.forward(level.changed)
            FlatVector.difference(
                output, level.degraded, into: level.changed, count: level.session.shape.valueCount, team: team
            )
            coarser = level
        }
        add(coarser, to: degraded, of: shape)
    }

    /// Doubles the size of a level's change and adds it.
    private func add(_ level: Level?, to target: AlignedBuffer, of shape: BatchShape) {
        guard let level else { return }
        Resampling.addDoubled(
            level.changed.base, planeCount: planeCount, height: shape.height, width: shape.width,
            to: target.base)
    }

    private static func shapes(below shape: BatchShape, depth: Int) -> [BatchShape] {
        var shapes: [BatchShape] = []
        var (height, width) = (shape.height, shape.width)
        while shapes.count < depth, height % 2 == 0, width % 2 == 0,
            NetworkSide.fits(height: height / 2, width: width / 2)
        {
            (height, width) = (height / 2, width / 2)
            shapes.append(BatchShape(count: shape.count, height: height, width: width))
        }
        return shapes
    }
}
