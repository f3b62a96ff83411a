import Images

/// The name of a restored picture: that of its original, with another extension only where the format is
/// another one than the extension says.
public enum OutputName {
    /// Extensions of the files that are taken for pictures, in lower case.
    public static let extensions: [PictureFormat: [String]] = [
        .png: ["png"], .jpeg: ["jpg", "jpeg", "jpe", "jfif"],
    ]

    /// True if the extension says that this is a picture that can be read.
    public static func isPicture(_ path: Path) -> Bool {
        let found = path.lowercasedExtension
        return extensions.values.contains { $0.contains(found) }
    }

    /// - Parameter path: the original's name, or its path relative to the folder that is kept.
    public static func name(for path: Path, format: OutputFormat) -> Path {
        switch format {
        case .same: path
        case .png: name(for: path, format: PictureFormat.png)
        case .jpeg: name(for: path, format: PictureFormat.jpeg)
        }
    }

    private static func name(for path: Path, format: PictureFormat) -> Path {
        let known = extensions[format] ?? []
        if known.contains(path.lowercasedExtension) {
            return path
        }
        // "scan.v2" has no picture's extension: nothing of it may be lost.
        return isPicture(path)
            ? path.replacingExtension(with: format.preferredExtension)
            : Path(bytes: path.bytes + Array(".\(format.preferredExtension)".utf8))
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
