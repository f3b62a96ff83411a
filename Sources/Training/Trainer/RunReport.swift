import Charts
import Datasets
import Files
import Images
import Restoration

/// Writes the results of a run for people, during the run and at its end: weights, `metrics.csv`, curves, sample
/// sheets and TensorBoard's events. The state is written elsewhere.
///
/// Files are complete at any moment. Those that grow are cut back to the state's position when a run resumes, so that
/// nothing appears twice.
final class RunReport {
    /// The largest number of updates in TensorBoard, which would thin out more.
    private static let largestEventCount = 20_000
    /// The largest number of sheets, so that long runs do not fill the disk.
    private static let largestSheetCount = 25
    private static let columns = [
        "epoch", "update", "training_loss", "learning_rate", "validation_psnr", "validation_ssim", "seconds",
    ]

    let folder: RunFolder
    private let validator: Validator?
    private let sampler: Validator
    private let updateCount: Int
    private let epochCount: Int
    /// The lock on the folder, because two processes in one folder would damage each other's files.
    private let lock: FolderLock
    private let metrics: MetricsLog
    private let events: EventFile

    /// - Parameters:
    ///   - state: the position to which existing files are cut back.
    ///   - sampler: chooses the sheets' pictures if there is no validation.
    init(
        folder: RunFolder, state: TrainingState, schedule: LearningRateSchedule, validator: Validator?,
        sampler: Validator
    ) throws {
        self.folder = folder
        self.validator = validator
        self.sampler = sampler
        updateCount = schedule.updateCount
        epochCount = schedule.epochCount
        let progress = state.progress
        guard let lock = try FolderLock.take(folder.path) else { throw TrainingError.inUse(folder.path) }
        self.lock = lock
        try WholeFiles.createFolders(folder.samples)
        // A killed process may have left incomplete files.
        for place in [folder.path, folder.samples] { AtomicFile.sweep(folder: place) }
        metrics = try MetricsLog(
            folder.metrics, columns: Self.columns, keepingThrough: progress.history.count)
        events = try EventFile(
            in: folder.path, keepingThrough: progress.update > 0 ? progress.update : nil)
    }

    /// Records an update for TensorBoard.
    func note(update: Int, loss: Double, learningRate: Double, gradientNorm: Double) throws {
        guard update % max(1, updateCount / Self.largestEventCount) == 0 else { return }
        try events.add(
            scalars: [
                ("training/loss", loss), ("training/learning_rate", learningRate),
                ("training/gradient_norm", gradientNorm),
            ], step: update)
    }

    /// Validates the weights and puts the figures into the epoch's record.
    /// - Returns: pictures for a sheet, if one is due.
    func measure(
        _ state: TrainingState, into record: inout EpochRecord, onPicture: (Int, Int) -> Void
    ) throws -> [Validator.Sample] {
        if let validator {
            let result = try validator.measure(state.published, onPicture: onPicture)
            record.psnr = result.psnr
            record.ssim = result.ssim
            return result.samples
        }
        return isSheetDue(record) ? try sampler.measure(state.published).samples : []
    }

    /// Writes all files of an epoch that has ended; its record is the history's last.
    func write(
        _ state: TrainingState, record: EpochRecord, samples: [Validator.Sample], isBest: Bool
    ) throws {
        try writeLast(state)
        if isBest { try write(state, to: folder.best) }
        try metrics.append(
            MetricsTable.Row(
                position: state.progress.history.count,
                values: [
                    Double(record.update), record.trainingLoss, record.learningRate, record.psnr, record.ssim,
                    record.seconds,
                ]))
        let name = state.progress.settings.loss.description
        let curves = LearningCurves(
            title: "Training with \(name)", runs: [state.progress.history(named: name)])
        try curves.write(to: folder.path)
        var scalars = [("epoch/training_loss", record.trainingLoss)]
        if let psnr = record.psnr { scalars.append(("validation/psnr", psnr)) }
        if let ssim = record.ssim { scalars.append(("validation/ssim", ssim)) }
        try events.add(scalars: scalars, step: record.update)
        if isSheetDue(record), !samples.isEmpty { try writeSheet(samples, record) }
        try events.sync()
    }

    /// Writes only the newest weights.
    func writeLast(_ state: TrainingState) throws {
        try write(state, to: folder.last)
    }

    private func isSheetDue(_ record: EpochRecord) -> Bool {
        let period = (epochCount + Self.largestSheetCount - 1) / Self.largestSheetCount
        return record.epoch % period == 0 || record.epoch == epochCount
    }

    private func writeSheet(_ samples: [Validator.Sample], _ record: EpochRecord) throws {
        let sheet = SampleSheet(
            title: "After epoch \(record.epoch)",
            rows: try samples.map { sample in
                SampleSheet.Row(
                    name: sample.name, degraded: sample.degraded, restored: sample.restored,
                    clean: sample.clean, psnr: try sample.psnr)
            })
        let pixels = sheet.pixels
        let png = try PictureCodec.encode(pixels.picture, format: .png)
        let digits = String(record.epoch)
        let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        try AtomicFile.write(png, to: folder.samples.appending(Path("epoch-\(number).png")))
        try events.add(
            png: png, size: (pixels.width, pixels.height), tag: "samples", step: record.update)
    }

    private func write(_ state: TrainingState, to path: Path) throws {
        let settings = state.progress.settings
        var metadata = [
            "format": "pt", "trained-by": "promptir train \(Version.current)",
            "loss": settings.loss.description,
            "updates": "\(state.progress.update)", "seed": "\(settings.seed)",
            "weights": state.average == nil ? "as trained" : "moving average",
        ]
        if let record = state.progress.history.last, record.update == state.progress.update,
            let psnr = record.psnr
        {
            metadata["validation-psnr"] = "\(psnr)"
        }
        try ModelFile.write(state.published, carried: state.carried, metadata: metadata, to: path)
    }
}

extension TrainingProgress {
    /// Converts a record for the charts.
    package func history(named name: String) -> RunHistory {
        RunHistory(
            name: name,
            epochs: history.map {
                RunHistory.Epoch(
                    epoch: Double($0.epoch), trainingLoss: $0.trainingLoss, validationPSNR: $0.psnr,
                    validationSSIM: $0.ssim)
            })
    }
}

extension Validator.Sample {
    /// Returns the PSNR of the degraded and of the restored picture, in decibels.
    var psnr: (before: Double, after: Double) {
        get throws(MetricError) {
            let clean = clean.picture
            return (
                before: try ImageMetrics.psnr(degraded.picture, clean),
                after: try ImageMetrics.psnr(restored.picture, clean)
            )
        }
    }
}
