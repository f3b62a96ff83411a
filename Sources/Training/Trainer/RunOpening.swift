import ArrayFiles
import Datasets
import Files
import PromptIR
import Restoration

/// The initial weights of a network.
package enum NetworkChoice: Sendable {
    /// Random weights from the run's seed.
    case scratch(Configuration)
    /// A checkpoint of any container; its shapes give the configuration.
    case checkpoint(Path)
}

/// Creates or reads the state of a run.
package enum RunOpening {
    /// Starts a run in a folder that has none.
    ///
    /// - Throws: `TrainingError.used`, `FileError`, `OutOfMemory`, and the errors of reading the checkpoint.
    package static func begin(
        _ network: NetworkChoice, settings: TrainingSettings, pairs: some PairSource
    ) throws -> TrainingState {
        let progress = TrainingProgress(
            settings: settings, pairCount: pairs.count, namesHash: pairs.namesHash)
        switch network {
        case .scratch(let configuration):
            let parameters = try ParameterStore(configuration: configuration)
            Initialisation.fill(parameters, seed: settings.seed)
            return try TrainingState(parameters: parameters, carried: [], progress: progress)
        case .checkpoint(let path):
            let checkpoint = try Checkpoint(path: path)
            do {
                return try TrainingState(
                    parameters: try ParameterStore(loading: checkpoint),
                    carried: try CarriedTensor.all(in: checkpoint), progress: progress)
            } catch let error as NetworkError {
                throw ModelError.unusable(path: path, error)
            }
        }
    }

    /// Reads the run in a folder.
    /// - Parameter adjust: applies the requested settings to those of the run, which must not change.
    package static func resume(
        _ folder: RunFolder, adjust: (inout TrainingSettings) throws -> Void
    ) throws -> TrainingState {
        guard try folder.holdsRun() else { throw TrainingError.nothingToResume(folder.path) }
        let state = try StateFile.read(folder.state)
        var asked = state.progress.settings
        try adjust(&asked)
        let differences = asked.differences(from: state.progress.settings)
        guard differences.isEmpty else {
            throw TrainingError.otherSettings(folder.path, differences: differences)
        }
        try TrainingError.check(asked.precision)
        return state
    }

    /// Checks by number and names that the pairs are those of the run.
    package static func check(_ state: TrainingState, pairs: some PairSource, folder: RunFolder) throws {
        let progress = state.progress
        guard pairs.count == progress.pairCount else {
            throw TrainingError.otherData(folder.path, expected: progress.pairCount, found: pairs.count)
        }
        guard progress.namesHash == nil || progress.namesHash == pairs.namesHash else {
            throw TrainingError.otherNames(folder.path)
        }
    }
}
