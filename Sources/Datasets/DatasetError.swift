import Files
import Images
import Tensors

/// Why pairs cannot be used: what was found and where, what was expected, and what to do.
package enum DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no picture below the folder.
    case noPictures(Path)
    /// The folder has none of the known layouts.
    case unknownLayout(Path)
    /// Degraded pictures have no clean counterpart; `names` are relative to `degraded`.
    case missingClean(degraded: Path, clean: Path, names: [Path])
    /// Clean pictures have no degraded counterpart.
    case missingDegraded(degraded: Path, clean: Path, names: [Path])
    /// Several degraded pictures share one clean picture.
    case sharedClean(Path, names: [Path])
    case sizesDiffer(degraded: Path, PictureSize, clean: Path, PictureSize)
    case unreadable(Path, PictureError)
    case tooSmall(name: String, size: PictureSize, extent: PatchExtent)
    /// A batch needs equal sizes.
    case mixedSizes(first: String, PictureSize, second: String, PictureSize)
    /// The fraction leaves nothing to train on, or the pictures cannot be separated.
    case cannotSplit(fraction: Double, sceneCount: Int)
    /// Some validation pictures are also training pictures.
    case validationIsTraining(Path)

    package var description: String {
        switch self {
        case .noPictures(let folder):
            "\(folder): there are no pictures here; expected .png or .jpg files"
        case .unknownLayout(let folder):
            "\(folder): expected train/degraded and train/clean, or degraded and clean, below this folder; "
                + "give the folder that holds them, or both folders by name"
        case .missingClean(let degraded, let clean, let names):
            "\(degraded): \(Self.listed(names)) without a clean picture in \(clean); expected "
                + "\(clean.appending(PairNames.expectedClean(for: names[0]))) for the first: "
                + "add what is missing or take the degraded picture away"
        case .missingDegraded(let degraded, let clean, let names):
            "\(clean): \(Self.listed(names)) without a degraded picture in \(degraded): "
                + "add what is missing or take the clean picture away"
        case .sharedClean(let clean, let names):
            "\(clean): belongs to \(Self.listed(names)) at once; give every picture a name of its own"
        case .sizesDiffer(let degraded, let degradedSize, let clean, let cleanSize):
            "\(degraded) has \(degradedSize) pixels, \(clean) has \(cleanSize): both sides of a pair must "
                + "show the same place in the same size"
        case .unreadable(let path, let error):
            "cannot read \(path): \(error); replace the file or take its pair away"
        case .tooSmall(let name, let size, let extent):
            "\(name) has \(size) pixels, too few for "
                + (extent == .full
                    ? "the network, which needs \(NetworkSide.unit)×\(NetworkSide.unit); take it away"
                    : "patches of \(extent)×\(extent); choose smaller patches or take it away")
        case .mixedSizes(let first, let firstSize, let second, let secondSize):
            "\(first) has \(firstSize) pixels and \(second) \(secondSize): whole pictures of different sizes "
                + "cannot share a batch; use patches (--patch N) or a batch of 1"
        case .cannotSplit(let fraction, let sceneCount):
            "a validation share of \(fraction) cannot be taken from \(sceneCount) different clean pictures: "
                + "at least one must be left on either side"
        case .validationIsTraining(let path):
            "\(path) is among the training pictures and the validation pictures; give validation pictures "
                + "of their own"
        }
    }

    /// "rain-3.png and 4 more".
    private static func listed(_ names: [Path]) -> String {
        let shown = names.prefix(3).map(\.description).joined(separator: ", ")
        return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
    }
}
