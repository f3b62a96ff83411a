/// Why there is nothing to bundle.
public enum PredictionBundleError: Error, Sendable, Equatable, CustomStringConvertible {
    case noPictures(Path)
    /// Not one of the pictures can be read; `first` is one of them.
    case noneReadable(Path, count: Int, first: Path, reason: String)

    public var description: String {
        switch self {
        case .noPictures(let folder): "\(folder): there are no pictures to bundle; nothing was written"
        case .noneReadable(let folder, let count, let first, let reason):
            "\(folder): none of \(count) pictures can be read; nothing was written (\(first): \(reason))"
        }
    }
}
