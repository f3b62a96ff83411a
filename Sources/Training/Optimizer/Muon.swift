import Kernels
import Tensors

/// Muon (Jordan et al. 2024): moves each matrix along its momentum after making that orthogonal, so that every
/// direction of the matrix moves equally fast.
///
/// Momentum, Nesterov's correction and the step's size are those of `torch.optim.Muon` with
/// `adjust_lr_fn="match_rms_adamw"` (Liu et al. 2025): an update is as large as AdamW's, so one learning rate and one
/// decay serve both. PyTorch orthogonalises in bfloat16, this in float32.
final class Muon {
    static let momentum: Float = 0.95
    /// The root mean square of AdamW's usual update.
    static let updateSize: Float = 0.2

    let matrices: [MuonMatrix]
    /// Scratch memory, one for each thread.
    private var workers: [Worker] = []

    // Unchecked because a team never gives one worker's number to two tasks at once.
    private struct Worker: @unchecked Sendable {
        let orthogonalisation: Orthogonalisation
        let update: AlignedBuffer
    }

    init(matrices: [MuonMatrix]) {
        self.matrices = matrices
    }

    /// Allocates the scratch memory of a number of threads.
    func prepare(threadCount: Int) throws(OutOfMemory) {
        while workers.count < threadCount {
            workers.append(
                Worker(
                    orthogonalisation: try Orthogonalisation(
                        shortSide: matrices.map(\.shortSide).max() ?? 0,
                        longSide: matrices.map(\.longSide).max() ?? 0),
                    update: try AlignedBuffer(count: matrices.map(\.count).max() ?? 0)))
        }
    }

    /// Moves the matrices of `parameters` against `gradients`, which do not change. `momenta` has the same layout.
    func step(
        parameters: AlignedBuffer, gradients: AlignedBuffer, momenta: AlignedBuffer, learningRate: Double,
        weightDecay: Double, gradientFactor: Float, team: WorkerTeam
    ) {
        let keep = Float(1 - learningRate * weightDecay)
        team.run(count: matrices.count) { [matrices, workers] task, worker in
            let matrix = matrices[task]
            let (p, g) = (parameters.base + matrix.offset, gradients.base + matrix.offset)
            let (m, update) = (momenta.base + matrix.offset, workers[worker].update.base)
            for index in 0..<matrix.count {
                let gradient = g[index] * gradientFactor
                m[index] += (1 - Self.momentum) * (gradient - m[index])
                update[index] = gradient + Self.momentum * (m[index] - gradient)
            }
            workers[worker].orthogonalisation.run(update, rows: matrix.rows, columns: matrix.columns)
            let rate = Float(learningRate) * Self.updateSize * Float(matrix.longSide).squareRoot()
            for index in 0..<matrix.count { p[index] = p[index] * keep - rate * update[index] }
        }
    }
}
