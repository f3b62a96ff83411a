import Images
import Kernels
import Tensors

/// Computes a loss and its gradient for batches of one shape, in memory that it owns.
package final class LossEvaluator {
    package let function: LossFunction
    package let shape: BatchShape
    /// The gradient (N, 3, H, W) that `evaluate` computed last.
    package let gradient: AlignedBuffer

    private let team: WorkerTeam
    private let similarity: SimilarityLoss?

    /// - Throws: `LossError` if SSIM's window does not fit, `OutOfMemory`.
    package init(_ function: LossFunction, shape: BatchShape, team: WorkerTeam) throws {
        self.function = function
        self.shape = shape
        self.team = team
        if case .l1SSIM = function {
            guard min(shape.height, shape.width) >= StructuralSimilarity.windowSide else {
                throw LossError.tooSmall(height: shape.height, width: shape.width)
            }
            similarity = try SimilarityLoss(
                window: SimilarityLoss.Window(
                    weights: StructuralSimilarity.windowWeights,
                    stabilities: StructuralSimilarity.stabilities(dataRange: 1)),
                planeCount: 3 * shape.count, height: shape.height, width: shape.width,
                team: team)
        } else {
            similarity = nil
        }
        gradient = try AlignedBuffer(count: shape.valueCount)
    }

    /// Returns the loss of one batch, and sets `gradient` to its gradient with respect to the output.
    ///
    /// - Parameters:
    ///   - output, clean: (N, 3, H, W), planar.
    package func evaluate(output: AlignedBuffer, clean: AlignedBuffer) -> Double {
        switch function {
        case .mse:
            return ElementLoss.squared(
                output: output, target: clean, count: shape.valueCount, gradient: gradient,
                team: team)
        case .l1:
            return absolute(output, clean, factor: 1)
        case .l1SSIM(let alpha):
            guard let similarity else { preconditionFailure("l1-ssim without its window") }
            let distance = absolute(output, clean, factor: alpha)
            let mean = similarity.evaluate(
                output: output, target: clean, factor: alpha - 1, gradient: gradient)
            return alpha * distance + (1 - alpha) * (1 - mean)
        }
    }

    private func absolute(_ output: AlignedBuffer, _ clean: AlignedBuffer, factor: Double) -> Double {
        ElementLoss.absolute(
            output: output, target: clean, count: shape.valueCount, factor: factor, gradient: gradient,
            team: team)
    }
}

/// Why a loss cannot be computed for a batch.
package enum LossError: Error, Equatable, CustomStringConvertible {
    case tooSmall(height: Int, width: Int)

    package var description: String {
        switch self {
        case .tooSmall(let height, let width):
            "l1-ssim compares windows of \(StructuralSimilarity.windowSide)×\(StructuralSimilarity.windowSide) pixels, found pictures of \(width)×\(height); give larger pictures or patches, or another --loss"
        }
    }
}
