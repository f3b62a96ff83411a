/// What a file's header says, before anything is allocated for its pixels.
public struct PictureHeader: Sendable, Equatable {
    public let format: PictureFormat
    /// Size as stored, before the EXIF orientation is applied.
    public let width: Int
    public let height: Int

    public init(format: PictureFormat, width: Int, height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }
}

/// Bounds checked on the header, before pixels are allocated.
public struct PictureLimits: Sendable, Equatable {
    public var maximumWidth: Int
    public var maximumHeight: Int
    public var maximumPixelCount: Int

    public init(maximumWidth: Int = 65_535, maximumHeight: Int = 65_535, maximumPixelCount: Int = 100_000_000)
    {
        self.maximumWidth = maximumWidth
        self.maximumHeight = maximumHeight
        self.maximumPixelCount = maximumPixelCount
    }
}

/// Why a picture cannot be read or written.
public enum PictureError: Error, Equatable {
    /// Neither PNG nor JPEG; the first bytes in hexadecimal.
    case unknownFormat(found: String)
    /// The file ends too early: complete data might still be arriving.
    case truncated(String)
    /// The file is damaged: the codec's own words.
    case damaged(String)
    /// A bound of `PictureLimits` is exceeded.
    case tooLarge(String)
    /// A valid file of a kind that is not supported.
    case unsupported(String)
    case cannotEncode(String)
}
