import Datasets
import Files
import Restoration
import Weather

/// The location of a run's pictures. It is kept in the state, so that a resumed run does not need it again, but the
/// pictures may have moved.
package struct DataLocation: Sendable, Equatable, Codable {
    /// A data set's folder, or with synthetic weather a folder of clean pictures.
    package var data: Path?
    package var degraded: Path?
    package var clean: Path?
    /// A folder of validation pairs.
    package var validation: Path?

    package init(
        data: Path? = nil, degraded: Path? = nil, clean: Path? = nil, validation: Path? = nil
    ) {
        self.data = data
        self.degraded = degraded
        self.clean = clean
        self.validation = validation
    }

    /// Finds the pairs and checks the pictures' sizes.
    /// - Throws: `DatasetError`, `FileError`, `DataLocationError` if no pairs are named.
    func load(_ settings: TrainingSettings) throws -> TrainingData {
        let choice: ValidationChoice =
            if let validation {
                .folder(validation)
            } else {
                settings.validationFraction > 0 ? .fraction(settings.validationFraction) : .none
            }
        let data = try TrainingData(try origin(settings), validation: choice, seed: settings.seed)
        try data.checkSizes(
            extent: settings.patch.map { .square($0) } ?? .full,
            batchCount: settings.batch * settings.rankCount)
        return data
    }

    private func origin(_ settings: TrainingSettings) throws(DataLocationError) -> PairOrigin {
        if let weather = settings.weather {
            guard let folder = data ?? clean else { throw .noCleanPictures }
            return .synthesized(clean: folder, weather.recipe)
        }
        if let degraded, let clean { return .parallel(degraded: degraded, clean: clean) }
        guard let data else { throw .noPairs }
        return .folder(data)
    }
}

/// Why no pictures can be located.
package enum DataLocationError: Error, Sendable, Equatable, CustomStringConvertible {
    case noPairs
    case noCleanPictures

    package var description: String {
        switch self {
        case .noPairs: "no pairs to learn from: give --data DIR, or --degraded DIR and --clean DIR"
        case .noCleanPictures: "no photographs to put weather on: give --data DIR with clean pictures"
        }
    }
}
