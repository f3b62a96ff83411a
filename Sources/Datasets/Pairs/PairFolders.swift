import Files
import Images

/// Pairs of pictures in two folders, matched by `PairNames`.
package struct PairFolders: PairSource {
    package let degradedFolder: Path
    package let cleanFolder: Path
    /// The names relative to their folders, sorted by the degraded name.
    private let pairs: [(degraded: Path, clean: Path)]
    private let cache: PictureCache

    /// Finds the pairs below a data set's folder: `train/degraded` and `train/clean` as in the challenge, or `degraded`
    /// and `clean`.
    package init(_ root: Path, cache: PictureCache = PictureCache()) throws {
        for parent in [root.appending("train"), root] {
            let degraded = parent.appending("degraded")
            let clean = parent.appending("clean")
            if try WholeFiles.status(degraded)?.isFolder == true,
                try WholeFiles.status(clean)?.isFolder == true
            {
                try self.init(degraded: degraded, clean: clean, cache: cache)
                return
            }
        }
        // This call throws an error if the folder is missing.
        _ = try WholeFiles.regularFiles(below: root) { _ in false }
        throw DatasetError.unknownLayout(root)
    }

    /// Finds the pairs of two folders. Every picture must have its counterpart.
    ///
    /// - Throws: `DatasetError`, or `FileError` if a folder cannot be read.
    package init(degraded: Path, clean: Path, cache: PictureCache = PictureCache()) throws {
        degradedFolder = degraded
        cleanFolder = clean
        self.cache = cache
        let degradedNames = try WholeFiles.regularFiles(below: degraded, where: \.isPicture)
        guard !degradedNames.isEmpty else { throw DatasetError.noPictures(degraded) }
        let cleanNames = try WholeFiles.regularFiles(below: clean, where: \.isPicture)
        guard !cleanNames.isEmpty else { throw DatasetError.noPictures(clean) }
        pairs = try Self.matched(degradedNames, cleanNames, degraded: degraded, clean: clean)
    }

    private static func matched(
        _ degradedNames: [Path], _ cleanNames: [Path], degraded: Path, clean: Path
    ) throws(DatasetError) -> [(degraded: Path, clean: Path)] {
        let names = PairNames(clean: cleanNames)
        var pairs: [(degraded: Path, clean: Path)] = []
        var lonely: [Path] = []
        for name in degradedNames {
            if let counterpart = names.clean(for: name) {
                pairs.append((name, counterpart))
            } else {
                lonely.append(name)
            }
        }
        guard lonely.isEmpty else {
            throw .missingClean(degraded: degraded, clean: clean, names: lonely)
        }
        let takers = Dictionary(grouping: pairs, by: \.clean)
        for (name, takers) in takers.sorted(by: { $0.key < $1.key }) where takers.count > 1 {
            throw .sharedClean(clean.appending(name), names: takers.map(\.degraded))
        }
        let left = cleanNames.filter { takers[$0] == nil }
        guard left.isEmpty else {
            throw .missingDegraded(degraded: degraded, clean: clean, names: left)
        }
        return pairs
    }

    package var count: Int { pairs.count }

    package func name(at index: Int) -> String { pairs[index].degraded.description }

    package func cleanPath(at index: Int) -> Path { cleanFolder.appending(pairs[index].clean) }

    /// Returns the degraded and the clean file of a pair.
    package func paths(at index: Int) -> (degraded: Path, clean: Path) {
        (degradedFolder.appending(pairs[index].degraded), cleanFolder.appending(pairs[index].clean))
    }

    package func size(at index: Int) throws -> PictureSize {
        let (degraded, clean) = paths(at: index)
        let degradedSize = try PictureFile.storedSize(degraded)
        let cleanSize = try PictureFile.storedSize(clean)
        // A picture may be stored sideways.
        let turned = PictureSize(width: cleanSize.height, height: cleanSize.width)
        guard degradedSize == cleanSize || degradedSize == turned else {
            throw DatasetError.sizesDiffer(degraded: degraded, degradedSize, clean: clean, cleanSize)
        }
        return degradedSize
    }

    package func pair(at index: Int, _ choice: PatchChoice) throws -> Pair {
        let (degradedPath, cleanPath) = paths(at: index)
        let degraded = try cache.pixels(degradedPath)
        let clean = try cache.pixels(cleanPath)
        guard degraded.width == clean.width, degraded.height == clean.height else {
            throw DatasetError.sizesDiffer(
                degraded: degradedPath, PictureSize(width: degraded.width, height: degraded.height),
                clean: cleanPath, PictureSize(width: clean.width, height: clean.height))
        }
        let cut = try choice.cut([degraded, clean], name: name(at: index))
        return Pair(name: name(at: index), degraded: cut[0], clean: cut[1])
    }
}
