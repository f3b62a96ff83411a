import Tensors

/// The place of a block's projected features between its forward and its backward pass.
package enum KeptPanels: Sendable {
    /// The features are not kept, and the backward pass computes them again.
    case none
    case float32(FloatRun)
    /// The features are kept in bfloat16 (see `RoundedFeatures`).
    case rounded(FloatRun)

    /// Returns the features from a panel on, or nil if they are not kept.
    func panels(from panel: Int, height: Int, width: Int) -> BorderedPanels? {
        switch self {
        case .none: nil
        case .float32(let run):
            .floats(PixelPanels(run, height: height, width: width, border: 1).from(panel: panel))
        case .rounded(let run):
            .rounded(RoundedPanels(run, height: height, width: width).from(panel: panel))
        }
    }

    /// The purpose of a backward pass with these features.
    var backwardPurpose: PackPurpose { if case .none = self { .recomputingBackward } else { .backward } }
}

/// Scratch memory for the current picture, followed by that for each thread.
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
