/// Why there is nothing to bundle.
public enum PredictionBundleError: Error, Sendable, Equatable, CustomStringConvertible {
    case noPictures(Path)

    public var description: String {
        switch self {
        case .noPictures(let folder): "\(folder): there are no pictures to bundle; nothing was written"
        }
    }
}
