/// The file formats that can be read and written.
package enum PictureFormat: String, Sendable, CaseIterable {
    case png, jpeg
}

/// The meaning of a pixel's samples.
package enum PixelLayout: String, Sendable, CaseIterable {
    case grey, greyAlpha, rgb, rgba

    package var channelCount: Int {
        switch self {
        case .grey: 1
        case .greyAlpha: 2
        case .rgb: 3
        case .rgba: 4
        }
    }

    package var hasAlpha: Bool { self == .greyAlpha || self == .rgba }

    /// The number of channels without alpha.
    package var colourCount: Int { hasAlpha ? channelCount - 1 : channelCount }
}

/// Samples in rows from the top, interleaved by pixel.
package enum PixelSamples: Sendable, Equatable {
    /// `height * width * channelCount` samples of 8 bits.
    case eightBit([UInt8])
    /// `height * width * channelCount` samples of 16 bits in native byte order.
    case sixteenBit([UInt16])

    package var count: Int {
        switch self {
        case .eightBit(let samples): samples.count
        case .sixteenBit(let samples): samples.count
        }
    }
}

/// Pixels per unit of length, or their aspect ratio.
package struct PixelDensity: Sendable, Equatable {
    package enum Unit: Sendable {
        /// Only the ratio of `x` to `y` is meaningful.
        case aspectRatio
        case inch, centimetre, metre
    }

    package var x: Int
    package var y: Int
    package var unit: Unit

    package init(x: Int, y: Int, unit: Unit) {
        self.x = x
        self.y = y
        self.unit = unit
    }
}

/// An ancillary chunk of a PNG that says what its samples mean: gAMA, cHRM, sRGB, cICP, mDCV or cLLI.
package struct ColourChunk: Sendable, Equatable {
    /// The chunk's type, four letters.
    package var type: String
    package var bytes: [UInt8]

    package init(type: String, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }
}

/// A decoded picture with the metadata that restoration keeps.
package struct Picture: Sendable, Equatable {
    package var width: Int
    package var height: Int
    package var layout: PixelLayout
    package var samples: PixelSamples
    /// The ICC profile, verbatim.
    package var iccProfile: [UInt8]?
    /// The EXIF block, beginning with the TIFF header ("II*\0" or "MM\0*"). The orientation is already
    /// applied to the samples and its tag reset to 1. A block that cannot be parsed is kept verbatim.
    package var exif: [UInt8]?
    /// The XMP packet, verbatim except for its orientation, which is 1 where the samples were turned.
    package var xmp: [UInt8]?
    /// IPTC's block of data sets, verbatim, which only JPEG has a place for.
    package var iptc: [UInt8]?
    /// The density from PNG's pHYs or JPEG's JFIF header.
    package var density: PixelDensity?
    /// The colour chunks, which are kept from PNG to PNG; JPEG has no place for them. They never alter
    /// samples.
    package var colourChunks: [ColourChunk]
    /// The format the picture was read from.
    package var format: PictureFormat
    /// Harmless anomalies and omitted metadata, as text for a log.
    package var warnings: [String]

    /// Creates a picture. `samples` must hold `height * width * layout.channelCount` samples; `width` and
    /// `height` are at least 1.
    package init(
        width: Int, height: Int, layout: PixelLayout, samples: PixelSamples, iccProfile: [UInt8]? = nil,
        exif: [UInt8]? = nil, xmp: [UInt8]? = nil, iptc: [UInt8]? = nil, density: PixelDensity? = nil,
        colourChunks: [ColourChunk] = [],
        format: PictureFormat = .png, warnings: [String] = []
    ) {
        self.width = width
        self.height = height
        self.layout = layout
        self.samples = samples
        self.iccProfile = iccProfile
        self.exif = exif
        self.xmp = xmp
        self.iptc = iptc
        self.density = density
        self.colourChunks = colourChunks
        self.format = format
        self.warnings = warnings
    }
}
