import Tensors

/// Structural similarity (Wang et al. 2004) of planes and its gradient, over the places where the whole window lies
/// within the plane.
///
/// The variances are differences of nearly equal moments, so everything is in double. With the local moments m =
/// E[x], n = E[y], E[xx], E[yy], E[xy] and S = (2mn + c₁)(2σxy + c₂) / ((m² + n² + c₁)(σx² + σy² + c₂)), the gradient
/// with respect to the pixels is wᵀ(∂S/∂m) + 2x · wᵀ(∂S/∂E[xx]) + y · wᵀ(∂S/∂E[xy]), with wᵀ the adjoint of the
/// window's valid convolution. Both the window and its adjoint are applied along rows and then down columns.
package final class SimilarityLoss {
    /// The parameters of the similarity.
    package struct Window: Sendable {
        /// The weights along one axis.
        let weights: [Double]
        /// The constants c₁ and c₂.
        let firstStability: Double
        let secondStability: Double

        package init(weights: [Double], stabilities: (first: Double, second: Double)) {
            self.weights = weights
            firstStability = stabilities.first
            secondStability = stabilities.second
        }

        var side: Int { weights.count }
    }

    private let planeCount: Int
    private let height: Int
    private let width: Int
    private let team: WorkerTeam
    private let window: Window
    private let scratch: AlignedBuffer
    private let scratchCount: Int

    /// - Parameters:
    ///   - planeCount: pictures times channels.
    ///   - height, width: at least the window's side.
    package init(
        window: Window, planeCount: Int, height: Int, width: Int, team: WorkerTeam
    ) throws(OutOfMemory) {
        precondition(
            planeCount > 0 && min(height, width) >= window.side, "SimilarityLoss: the window does not fit")
        self.window = window
        self.planeCount = planeCount
        self.height = height
        self.width = width
        self.team = team
        scratchCount = PlaneScratch.count(height: height, width: width, tapCount: window.side)
        // A double takes the space of two floats.
        scratch = try AlignedBuffer(count: 2 * scratchCount * min(team.threadCount, planeCount))
    }

    /// Returns the mean similarity of `planeCount` planes of `output` and `target`, each (height, width), contiguous.
    ///
    /// - Parameter gradient: `factor` · ∂(mean)/∂(output) is added to it.
    package func evaluate(
        output: AlignedBuffer, target: AlignedBuffer, factor: Double, gradient: AlignedBuffer
    ) -> Double {
        let size = height * width
        precondition(
            [output, target, gradient].allSatisfy { $0.count >= planeCount * size },
            "SimilarityLoss: a buffer is too small")
        let side = window.side - 1
        let placeCount = planeCount * (height - side) * (width - side)
        let (height, width, window) = (height, width, window)
        let (scratch, scratchCount) = (scratch, scratchCount)
        return Slots.sum(count: planeCount) { slots in
            team.run(count: slots.count) { plane, worker in
                let memory = UnsafeMutableRawPointer(scratch.base).bindMemory(
                    to: Double.self, capacity: scratch.count / 2)
                var planeWork = PlaneScratch(
                    height: height, width: width, window: window, base: memory + worker * scratchCount)
                let sum = planeWork.similarity(output.base + plane * size, target.base + plane * size)
                planeWork.addGradient(
                    output.base + plane * size, target.base + plane * size,
                    factor: factor / Double(placeCount), to: gradient.base + plane * size)
                slots.put(sum, at: plane)
            }
        } / Double(placeCount)
    }
}
