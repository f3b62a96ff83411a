import Files

/// Why no bundle can be written.
package enum PredictionBundleError: Error, Sendable, Equatable, CustomStringConvertible {
    case noPictures(Path)
    /// None of the pictures can be read; `first` is one of them.
    case noneReadable(Path, count: Int, first: Path, reason: String)

    /// Two of the bundles to merge have the same key.
    case inBoth(key: String, Path, Path)
    /// An array cannot be part of a bundle.
    case noPrediction(key: String, Path, shape: [Int])

    package var description: String {
        switch self {
        case .noPictures(let folder): "\(folder): there are no pictures to bundle; nothing was written"
        case .inBoth(let key, let first, let second):
            "\(first) and \(second) both hold \(ByteText.oneLine(key)): expected different pictures in each; nothing was written"
        case .noPrediction(let key, let part, let shape):
            "\(part): \(ByteText.oneLine(key)): expected a uint8 array (3, H, W), found shape \(shape); nothing was written"
        case .noneReadable(let folder, let count, let first, let reason):
            "\(folder): none of \(count) pictures can be read; nothing was written (\(first): \(reason))"
        }
    }
}
