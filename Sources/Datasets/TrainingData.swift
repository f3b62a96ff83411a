import Files
import Images
import Weather

/// The origin of pairs.
package enum PairOrigin: Sendable {
    /// A folder in the challenge's layout, or with the folders `degraded` and `clean`.
    case folder(Path)
    /// Two parallel folders.
    case parallel(degraded: Path, clean: Path)
    /// Clean photographs, to which synthetic weather is added.
    case synthesized(clean: Path, WeatherRecipe)
}

/// The validation data of a run.
package enum ValidationChoice: Sendable, Equatable {
    case none
    /// A share of the pairs that is held out of training, above 0 and below 1.
    case fraction(Double)
    /// A separate folder of pairs, in one of the layouts of `PairOrigin.folder`.
    case folder(Path)
}

/// The pairs of a run, for training and for validation, with no picture in both.
package struct TrainingData: Sendable {
    package let training: any PairSource
    /// The validation pairs; nil for none.
    package let validation: (any PairSource)?
    private let seed: UInt64

    /// Finds all files. Reads pictures only as far as needed to distinguish scenes.
    ///
    /// - Throws: `DatasetError` for missing pairs and empty folders, `FileError` if the system refuses.
    package init(
        _ origin: PairOrigin, validation choice: ValidationChoice, seed: UInt64,
        cache: PictureCache = PictureCache()
    ) throws {
        self.seed = seed
        let source: any PairSource =
            switch origin {
            case .folder(let root): try PairFolders(root, cache: cache)
            case .parallel(let degraded, let clean):
                try PairFolders(degraded: degraded, clean: clean, cache: cache)
            case .synthesized(let clean, let recipe):
                try WeatherPairs(clean: clean, recipe: recipe, cache: cache)
            }
        switch choice {
        case .none:
            training = source
            validation = nil
        case .fraction(let fraction):
            let split = try PairSplit(
                scenes: SceneKey.keys(of: (0..<source.count).map(source.cleanPath)), fraction: fraction,
                seed: seed)
            training = PairSubset(of: source, at: split.training)
            validation = PairSubset(of: source, at: split.validation)
        case .folder(let folder):
            let own = try PairFolders(folder, cache: cache)
            try Self.checkDisjoint(source, own)
            training = source
            validation = own
        }
    }

    /// Reads the header of every picture before training starts. Throws for the first pair whose sizes differ, that
    /// is too small for the patches, or that cannot share a batch.
    package func checkSizes(extent: PatchExtent, batchCount: Int) throws {
        var first: (name: String, size: PictureSize)?
        for index in 0..<training.count {
            let size = try training.size(at: index)
            let name = training.name(at: index)
            guard let cut = PatchChoice.cutSize(of: size, for: extent) else {
                throw DatasetError.tooSmall(name: name, size: size, extent: extent)
            }
            if let first, first.size != cut, batchCount > 1 {
                throw DatasetError.mixedSizes(first: first.name, first.size, second: name, cut)
            }
            first = first ?? (name, cut)
        }
        for index in 0..<(validation?.count ?? 0) {
            _ = try validation?.size(at: index)
        }
    }

    /// Checks that no photograph is used for both training and validation.
    private static func checkDisjoint(_ training: any PairSource, _ validation: PairFolders) throws {
        let learnt = (0..<training.count).map(training.cleanPath)
        let tested = (0..<validation.count).map(validation.cleanPath)
        let keys = try SceneKey.keys(of: learnt + tested)
        let learntKeys = Set(keys.prefix(learnt.count))
        for (path, key) in zip(tested, keys.dropFirst(learnt.count)) where learntKeys.contains(key) {
            throw DatasetError.validationIsTraining(path)
        }
    }
}
