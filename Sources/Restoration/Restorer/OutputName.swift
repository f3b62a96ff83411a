import Files
import Images

/// The name of a restored picture: that of its original, with another extension only where the format is
/// another one than the extension says.
package enum OutputName {
    /// Extensions of the files that are taken for pictures, in lower case.
    package static let extensions: [PictureFormat: [String]] = [
        .png: PictureExtensions.png, .jpeg: PictureExtensions.jpeg,
    ]

    /// True if the extension says that this is a picture that can be read.
    package static func isPicture(_ path: Path) -> Bool {
        let found = path.lowercasedExtension
        return extensions.values.contains { $0.contains(found) }
    }

    /// The names that a restored picture may take, best first: another original may have the first.
    package static func names(for path: Path, format: OutputFormat) -> [Path] {
        let first = name(for: path, format: format)
        let second = fullName(for: path, format: format)
        return first == path || first == second ? [first] : [first, second]
    }

    /// - Parameter path: the original's name, or its path relative to the folder that is kept.
    package static func name(for path: Path, format: OutputFormat) -> Path {
        guard let wanted = format.fixed, extensions[wanted]?.contains(path.lowercasedExtension) != true else {
            return path
        }
        // "scan.v2" has no picture's extension: nothing of it may be lost.
        return isPicture(path)
            ? path.replacingExtension(with: wanted.preferredExtension) : fullName(for: path, format: format)
    }

    /// The name with the format's extension after its own: for two originals that differ in nothing else.
    package static func fullName(for path: Path, format: OutputFormat) -> Path {
        guard let wanted = format.fixed else { return path }
        return Path(bytes: path.bytes + Array(".\(wanted.preferredExtension)".utf8))
    }
}

extension PictureFormat {
    /// The extension for new names.
    var preferredExtension: String {
        switch self {
        case .png: "png"
        case .jpeg: "jpg"
        }
    }
}
