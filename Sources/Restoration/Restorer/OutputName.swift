import Files
import Images

/// The name of a restored picture: that of its original, with another extension only where the format is
/// another one than the extension says.
package enum OutputName {
    /// The names that a restored picture may take, best first: another original may have the first.
    package static func names(for path: Path, format: OutputFormat) -> [Path] {
        let first = name(for: path, format: format)
        let second = fullName(for: path, format: format)
        return first == path || first == second ? [first] : [first, second]
    }

    /// - Parameter path: the original's name, or its path relative to the folder that is kept.
    package static func name(for path: Path, format: OutputFormat) -> Path {
        guard let wanted = format.fixed, !wanted.extensions.contains(path.lowercasedExtension) else {
            return path
        }
        // "scan.v2" has no picture's extension: nothing of it may be lost.
        return path.isPicture
            ? path.replacingExtension(with: wanted.extensions[0]) : fullName(for: path, format: format)
    }

    /// The name with the format's extension after its own: for two originals that differ in nothing else.
    package static func fullName(for path: Path, format: OutputFormat) -> Path {
        guard let wanted = format.fixed else { return path }
        return path.addingSuffix(".\(wanted.extensions[0])")
    }
}
