import ArrayFiles
import Charts
import Datasets
import Files
import Images
import PromptIR
import Restoration

/// Trains with several losses in turn, with equal data, seed, order, patches, weather and initial weights.
/// Every loss has its own run, in a folder named after it.
package struct LossComparison: Sendable {
    /// The default share to hold out, because without validation there is nothing to compare.
    package static let defaultValidationFraction = 0.1

    package let folder: Path
    package let losses: [LossFunction]
    private let request: TrainingRequest

    /// - Parameter request: the settings that all runs share; their folders are in its folder.
    package init(_ request: TrainingRequest, losses: [LossFunction]) {
        self.request = request
        self.losses = losses
        folder = request.folder.path
    }

    /// Trains with all losses, or until a stop is requested.
    ///
    /// - Parameter onEvent: called with the loss's name and every event.
    /// - Returns: the table, or nil after a stop; the runs so far are then saved.
    /// - Throws: the errors of `TrainingRequest.open` and `Trainer.run`.
    package func run(
        ranks: Ranks, stop: StopRequest, onEvent: @escaping (String, TrainingEvent) -> Void
    ) throws -> LossTable? {
        if !request.resumes, ranks.isFirst, try WholeFiles.status(folder.appending("comparison.csv")) != nil {
            throw TrainingError.used(folder, found: "comparison.csv")
        }
        var finished: [TrainingProgress] = []
        for loss in losses {
            var request = request
            request.folder = RunFolder(folder.appending(Path(loss.name)))
            request.resumes = try self.request.resumes && request.folder.holdsRun()
            let shared = self.request.adjust
            let holdsOut = !request.resumes && !hasValidationPairs
            request.adjust = { settings in
                settings.loss = loss
                try shared(&settings)
                if holdsOut, settings.validationFraction == 0 {
                    settings.validationFraction = Self.defaultValidationFraction
                }
            }
            let trainer = try request.open(ranks: ranks, stop: stop) { onEvent(loss.name, $0) }
            if try trainer.run() == .stopped { return nil }
            finished.append(trainer.state.progress)
        }
        let table = LossTable(rows: finished.map(LossTable.Row.init))
        if ranks.isFirst { try write(table, finished) }
        return table
    }

    /// Whether a folder of validation pairs is requested.
    private var hasValidationPairs: Bool {
        var location = DataLocation()
        request.locate(&location)
        return location.validation != nil
    }

    private func write(_ table: LossTable, _ finished: [TrainingProgress]) throws {
        let curves = LearningCurves(
            title: "Losses compared", runs: finished.map { $0.history(named: $0.settings.loss.description) },
            showsTrainingLoss: false)
        try curves.write(to: folder, name: "comparison")
        if let first = finished.first {
            try sheet(like: first).write(to: folder.appending("comparison-samples.png"))
        }
        try AtomicFile.write(Array(table.markdown.utf8), to: folder.appending("comparison.md"))
        // This file is last, because it shows that the comparison is complete.
        try AtomicFile.write(Array(table.csv.utf8), to: folder.appending("comparison.csv"))
    }

    /// Makes a sheet of some validation pictures, restored by the best weights of every loss.
    private func sheet(like progress: TrainingProgress) throws -> SampleSheet {
        let settings = progress.settings
        let data = try progress.location.load(settings)
        let source = data.validation ?? data.training
        let few = PairSubset(of: source, at: Validator.sampleIndices(of: source.count))
        let columns = try losses.map { loss in
            let run = RunFolder(folder.appending(Path(loss.name)))
            let path = try WholeFiles.status(run.best) == nil ? run.last : run.best
            let weights = try Checkpoint(path: path)
            let validator = Validator(few, seed: settings.seed, threadCount: request.limits.threadCount)
            return try validator.measure(weights).samples
        }
        func caption(_ psnr: Double) -> String { "\((psnr * 100).rounded() / 100) dB" }
        let rows = try (0..<few.count).map { index in
            let first = columns[0][index]
            var cells = [SampleSheet.Cell(first.degraded, caption: caption(try first.psnr.before))]
            for samples in columns {
                let sample = samples[index]
                cells.append(SampleSheet.Cell(sample.restored, caption: caption(try sample.psnr.after)))
            }
            return SampleSheet.Row(title: first.name, cells: cells + [SampleSheet.Cell(first.clean)])
        }
        return SampleSheet(
            title: "Losses compared", columns: ["degraded"] + losses.map(\.name) + ["clean"], rows: rows)
    }
}
