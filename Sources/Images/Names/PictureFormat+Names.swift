import Files

extension PictureFormat {
    /// The extensions of the format's files, in lower case; the first is the one for new names.
    package var extensions: [String] {
        switch self {
        case .png: PictureExtensions.png
        case .jpeg: PictureExtensions.jpeg
        }
    }
}

extension Path {
    /// Whether the extension says that this is a picture that can be read.
    package var isPicture: Bool {
        let found = lowercasedExtension
        return PictureFormat.allCases.contains { $0.extensions.contains(found) }
    }
}
