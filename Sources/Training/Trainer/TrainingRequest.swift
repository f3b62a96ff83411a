import Datasets
import Restoration

/// A requested run.
package struct TrainingRequest: Sendable {
    package var folder: RunFolder
    package var resumes: Bool
    /// The network of a new run.
    package var network: NetworkChoice
    package var limits: TrainingLimits
    /// Applies the requested settings to those of the recipe for a new run, or of the resumed run.
    package var adjust: @Sendable (inout TrainingSettings) throws -> Void
    /// Applies the requested locations of the pictures.
    package var locate: @Sendable (inout DataLocation) -> Void

    package init(
        folder: RunFolder, resumes: Bool, network: NetworkChoice, limits: TrainingLimits,
        adjust: @escaping @Sendable (inout TrainingSettings) throws -> Void,
        locate: @escaping @Sendable (inout DataLocation) -> Void
    ) {
        self.folder = folder
        self.resumes = resumes
        self.network = network
        self.limits = limits
        self.adjust = adjust
        self.locate = locate
    }

    /// Opens the run: reads or creates its state, finds its pictures, and checks both before anything is
    /// computed.
    ///
    /// - Throws: `TrainingError`, `StateFileError`, `DatasetError`, `FileError`, and the errors of reading a
    ///   checkpoint.
    package func open(
        ranks: Ranks = .alone, stop: StopRequest = StopRequest(),
        onEvent: @escaping (TrainingEvent) -> Void = { _ in }
    ) throws -> Trainer {
        let (state, data) = try resumes ? goOn(ranks) : begin(ranks)
        var limits = limits
        limits.secondLimit = limits.secondLimit ?? state.progress.secondLimit
        state.progress.secondLimit = limits.secondLimit
        return try Trainer(
            state: state, training: data.training, validation: ranks.isFirst ? data.validation : nil,
            folder: folder, limits: limits, ranks: ranks, stop: stop, onEvent: onEvent)
    }

    private func begin(_ ranks: Ranks) throws -> (TrainingState, TrainingData) {
        var settings = TrainingSettings()
        try adjust(&settings)
        // Before the pictures are looked for, which may take a while.
        try TrainingError.check(settings.precision)
        settings.rankCount = ranks.count
        var location = DataLocation()
        locate(&location)
        let data = try location.load(settings)
        let state = try RunOpening.begin(network, settings: settings, pairs: data.training)
        state.progress.location = location
        // The folder is created last, so that a run that cannot start leaves none.
        if ranks.isFirst { try folder.makeForNewRun() }
        return (state, data)
    }

    private func goOn(_ ranks: Ranks) throws -> (TrainingState, TrainingData) {
        let state = try RunOpening.resume(folder) { settings in
            try adjust(&settings)
            settings.rankCount = ranks.count
        }
        locate(&state.progress.location)
        let data = try state.progress.location.load(state.progress.settings)
        try RunOpening.check(state, pairs: data.training, folder: folder)
        return (state, data)
    }
}
