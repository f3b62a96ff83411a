import Tensors

/// Where a block's projected features are between its forward and its backward pass.
package enum KeptPanels: Sendable {
    /// Nowhere: the backward pass projects again.
    case none
    case float32(FloatRun)
    /// As halves (see `HalfPrecision`).
    case half(FloatRun)
}

/// Scratch of the picture that is being worked on and, behind it, of each thread.
package struct TrainingScratch: Sendable {
    package let picture: FloatRun
    package let workers: FloatRun
    package let workerStride: Int
    package let team: WorkerTeam

    package init(picture: FloatRun, workers: FloatRun, workerStride: Int, team: WorkerTeam) {
        self.picture = picture
        self.workers = workers
        self.workerStride = workerStride
        self.team = team
    }

    func worker(_ index: Int) -> FloatRun { workers.advanced(by: index * workerStride) }
}
