import Restoration

/// What a run writes when an epoch ends, but for its state.
final class RunReport {
    let folder: RunFolder
    private let validator: Validator?

    init(folder: RunFolder, validator: Validator?) {
        self.folder = folder
        self.validator = validator
    }

    /// Measures the weights and puts the figures into the epoch's record.
    func measure(
        _ state: TrainingState, into record: inout EpochRecord, onPicture: (Int, Int) -> Void
    ) throws -> [Validator.Sample] {
        guard let validator else { return [] }
        let result = try validator.measure(state.published, onPicture: onPicture)
        record.psnr = result.psnr
        record.ssim = result.ssim
        return result.samples
    }

    func write(
        _ state: TrainingState, record: EpochRecord, samples: [Validator.Sample], isBest: Bool
    ) throws {
        try writeLast(state)
        if isBest { try write(state, to: folder.best) }
    }

    func writeLast(_ state: TrainingState) throws {
        try write(state, to: folder.last)
    }

    private func write(_ state: TrainingState, to path: Path) throws {
        let settings = state.progress.settings
        var metadata = [
            "trained-by": "promptir train \(Version.current)", "loss": settings.loss.description,
            "updates": "\(state.progress.update)", "seed": "\(settings.seed)",
            "weights": state.average == nil ? "as trained" : "moving average",
        ]
        if let record = state.progress.history.last, let psnr = record.psnr {
            metadata["validation-psnr"] = "\(psnr)"
        }
        try ModelFile.write(state.published, carried: state.carried, metadata: metadata, to: path)
    }
}
