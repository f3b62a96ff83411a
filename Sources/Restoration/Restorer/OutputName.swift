import Files
import Images

/// Makes the name of a restored picture: that of its original, with another extension if the format requires
/// it.
package enum OutputName {
    /// Returns the names that a restored picture may have, best first, because another original may own the
    /// first.
    package static func names(for path: Path, format: OutputFormat) -> [Path] {
        let first = name(for: path, format: format)
        let second = fullName(for: path, format: format)
        return first == path || first == second ? [first] : [first, second]
    }

    /// - Parameter path: the original's name, or its relative path.
    package static func name(for path: Path, format: OutputFormat) -> Path {
        guard let wanted = format.fixed, !wanted.extensions.contains(path.lowercasedExtension) else {
            return path
        }
        // "scan.v2" has no picture extension, so its whole name must be kept.
        return path.isPicture
            ? path.replacingExtension(with: wanted.extensions[0]) : fullName(for: path, format: format)
    }

    /// Returns the name with the format's extension appended, for originals whose names differ only in their
    /// extensions.
    package static func fullName(for path: Path, format: OutputFormat) -> Path {
        guard let wanted = format.fixed else { return path }
        return path.addingSuffix(".\(wanted.extensions[0])")
    }
}
