/// The file formats that can be read and written.
public enum PictureFormat: String, Sendable, CaseIterable {
    case png, jpeg
}

/// What the samples of a pixel are.
public enum PixelLayout: String, Sendable, CaseIterable {
    case grey, greyAlpha, rgb, rgba

    public var channelCount: Int {
        switch self {
        case .grey: 1
        case .greyAlpha: 2
        case .rgb: 3
        case .rgba: 4
        }
    }
}

/// Samples in rows from the top, interleaved by pixel.
public enum PixelSamples: Sendable, Equatable {
    /// `height * width * channelCount` samples.
    case eightBit([UInt8])
    /// The same in native byte order.
    case sixteenBit([UInt16])
}

/// A decoded picture with what must survive restoration.
public struct Picture: Sendable, Equatable {
    public var width: Int
    public var height: Int
    public var layout: PixelLayout
    public var samples: PixelSamples
    /// ICC profile, verbatim.
    public var iccProfile: [UInt8]?
    /// EXIF block beginning with the TIFF header ("II*\0" or "MM\0*"), orientation already applied to the
    /// samples and its tag reset to 1.
    public var exif: [UInt8]?
    /// The format the picture was read from.
    public var format: PictureFormat

    public init(
        width: Int, height: Int, layout: PixelLayout, samples: PixelSamples, iccProfile: [UInt8]? = nil,
        exif: [UInt8]? = nil, format: PictureFormat = .png
    ) {
        self.width = width
        self.height = height
        self.layout = layout
        self.samples = samples
        self.iccProfile = iccProfile
        self.exif = exif
        self.format = format
    }
}
