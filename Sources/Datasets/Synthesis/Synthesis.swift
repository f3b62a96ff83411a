import Dispatch
import Files
import Images
import RandomNumbers
import Synchronization
import Weather

/// Why pairs cannot be made.
package enum SynthesisError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The output is not empty, and `replaces` is false.
    case outputNotEmpty(Path)
    /// The output is in the folder of clean photographs, where the next run would use it as input.
    case outputWithinClean(output: Path, clean: Path)

    package var description: String {
        switch self {
        case .outputNotEmpty(let folder):
            "\(folder): expected a new or empty folder, found files in it; give another one, or replace its pairs "
                + "with --force"
        case .outputWithinClean(let output, let clean):
            "\(output) lies within \(clean), whose pictures are the clean ones; give an output elsewhere"
        }
    }
}

/// Makes a data set in the challenge's layout from clean photographs: `train/degraded/rain-1.png` beside
/// `train/clean/rain_clean-1.png`, and so on.
///
/// Which photograph gets which weather depends only on the seed, for any number of threads. The photographs are used
/// in random order, all of them before any is repeated; two kinds of weather begin with different ones.
package struct Synthesis: Sendable {
    private let photographs: [Path]
    private let output: Path
    private let recipe: WeatherRecipe
    private let countPerKind: Int
    private let seed: UInt64

    /// Finds the photographs and prepares the output.
    ///
    /// - Parameters:
    ///   - clean: folder of photographs, at any depth.
    ///   - output: created if it is missing.
    ///   - countPerKind: pairs of each kind of weather; nil for one per photograph.
    ///   - replaces: removes the pairs of an earlier run from the output, and overwrites other files with their
    ///     names.
    /// - Throws: `SynthesisError`, `DatasetError.noPictures`, `FileError`.
    package init(
        clean: Path, output: Path, recipe: WeatherRecipe, countPerKind: Int?, seed: UInt64,
        replaces: Bool = false
    ) throws {
        let names = try WholeFiles.regularFiles(below: clean, where: \.isPicture)
        guard !names.isEmpty else { throw DatasetError.noPictures(clean) }
        photographs = names.map(clean.appending)
        self.output = output
        self.recipe = recipe
        self.countPerKind = countPerKind ?? names.count
        self.seed = seed
        try Self.check(output, isOutside: clean)
        try WholeFiles.createFolders(output)
        let layout = ChallengeLayout(root: output)
        if try !WholeFiles.isEmpty(output) {
            guard replaces else { throw SynthesisError.outputNotEmpty(output) }
            try layout.removePairs()
        }
        try WholeFiles.createFolders(layout.degraded)
        try WholeFiles.createFolders(layout.clean)
    }

    /// The number of pairs to make.
    package var count: Int { recipe.kinds.count * countPerKind }

    /// Makes all pairs. Stops at the first error; files written by then are complete.
    ///
    /// - Parameters:
    ///   - threadCount: at least 1.
    ///   - advance: called once per pair, from any thread.
    /// - Returns: the mean figures of each kind of weather.
    package func run(
        threadCount: Int, advance: @Sendable () -> Void = {}
    ) throws -> [(kind: WeatherKind, statistics: WeatherStatistics)] {
        struct Outcome {
            var statistics: [WeatherStatistics?]
            /// The error of the earliest pair, so that the same one is reported every time as far as possible.
            var failure: (index: Int, error: any Error)?
        }
        var numbers = RandomSequence(seed, Purpose.synthesis.rawValue)
        let order = numbers.permutation(of: photographs.count)
        let outcome = Mutex(Outcome(statistics: Array(repeating: nil, count: count)))
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: max(1, min(threadCount, count))) { _ in
            while case let index = next.wrappingAdd(1, ordering: .relaxed).oldValue, index < count {
                do {
                    let statistics = try make(index, from: photographs[order[index % order.count]])
                    outcome.withLock { $0.statistics[index] = statistics }
                    advance()
                } catch {
                    outcome.withLock { outcome in
                        if index < outcome.failure?.index ?? Int.max { outcome.failure = (index, error) }
                    }
                    next.store(count, ordering: .relaxed)
                }
            }
        }
        let finished = outcome.withLock { $0 }
        if let failure = finished.failure { throw failure.error }
        return recipe.kinds.enumerated().map { place, kind in
            let range = place * countPerKind..<(place + 1) * countPerKind
            return (kind, WeatherStatistics(meanOf: finished.statistics[range].compactMap(\.self)))
        }
    }

    private func make(_ index: Int, from photograph: Path) throws -> WeatherStatistics {
        let kind = recipe.kinds[index / countPerKind]
        let number = index % countPerKind + 1
        var numbers = RandomSequence(seed, Purpose.synthesis.rawValue, UInt64(index))
        let weatherSeed = numbers.next()
        let clean = recipe.clean(try PictureFile.pixels(photograph), seed: weatherSeed)
        let degraded = recipe.applied(kind, to: clean, seed: weatherSeed)
        let layout = ChallengeLayout(root: output)
        try Self.write(clean, to: layout.cleanPath(kind, number))
        try Self.write(degraded, to: layout.degradedPath(kind, number))
        return WeatherStatistics(clean: clean, degraded: degraded)
    }

    private static func write(_ pixels: RGBPixels, to path: Path) throws {
        try AtomicFile.write(try PictureCodec.encode(pixels.picture, format: .png), to: path)
    }

    private static func check(_ output: Path, isOutside clean: Path) throws {
        let root = try WholeFiles.status(clean)?.identity
        var folder = output
        while true {
            if let found = try WholeFiles.status(folder)?.identity, found == root {
                throw SynthesisError.outputWithinClean(output: output, clean: clean)
            }
            if folder.folder == folder || folder == "." { return }
            folder = folder.folder
        }
    }
}
