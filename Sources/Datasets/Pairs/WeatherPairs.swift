import Files
import Images
import Weather

/// Synthetic pairs: clean photographs, and the same with weather that is new in every epoch.
package struct WeatherPairs: PairSource {
    package let folder: Path
    private let names: [Path]
    private let recipe: WeatherRecipe
    private let cache: PictureCache

    /// Uses every picture below a folder.
    ///
    /// - Throws: `DatasetError.noPictures`, or `FileError` if the folder cannot be read.
    package init(clean folder: Path, recipe: WeatherRecipe, cache: PictureCache = PictureCache()) throws {
        self.folder = folder
        self.recipe = recipe
        self.cache = cache
        names = try WholeFiles.regularFiles(below: folder, where: \.isPicture)
        guard !names.isEmpty else { throw DatasetError.noPictures(folder) }
    }

    package var count: Int { names.count }

    package func name(at index: Int) -> String { names[index].description }

    package func cleanPath(at index: Int) -> Path { folder.appending(names[index]) }

    package func size(at index: Int) throws -> PictureSize {
        try PictureFile.storedSize(folder.appending(names[index]))
    }

    /// Returns a pair. The photograph is cropped first, so that weather is made only for the patch.
    package func pair(at index: Int, _ choice: PatchChoice) throws -> Pair {
        let whole = try cache.pixels(folder.appending(names[index]))
        let clean = recipe.clean(
            try choice.cut([whole], name: name(at: index))[0], seed: choice.weatherSeed)
        return Pair(
            name: name(at: index), degraded: recipe.applied(to: clean, seed: choice.weatherSeed), clean: clean
        )
    }
}
