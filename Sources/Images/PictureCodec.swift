import Files

/// Reads and writes PNG and JPEG files, which it distinguishes by their first bytes.
///
/// Decoding needs memory for the encoded bytes, the samples and a few rows. A progressive JPEG also needs its
/// coefficients (two bytes per stored sample), and a picture that its EXIF orientation turns by 90° needs the samples
/// twice.
package enum PictureCodec {
    /// The largest number of scans in a JPEG. Progressive files have about ten, and more than this is not useful for
    /// 64 coefficients in three components.
    static let maximumScanCount = 100
    /// The largest ICC profile that is read from a PNG, where a few bytes may be deflated from many. Those of printers
    /// have up to 3 MB.
    static let maximumProfileByteCount = 4 << 20

    /// Reads only the header.
    package static func readHeader(_ bytes: [UInt8]) throws(PictureError) -> PictureHeader {
        switch try format(of: bytes) {
        case .png: try PNGCodec.readHeader(bytes)
        case .jpeg: try JPEGCodec.readHeader(bytes)
        }
    }

    /// Decodes a picture and applies its orientation.
    ///
    /// Samples keep their layout and depth: palettes become RGB, 1, 2 and 4 bits become 8, tRNS becomes alpha, CMYK
    /// becomes RGB. Gamma and profiles never alter samples.
    package static func decode(
        _ bytes: [UInt8], limits: PictureLimits = .init()
    ) throws(PictureError) -> Picture {
        try bytes.lend { (input) throws(PictureError) -> Picture in
            let reader = PictureReader(try PictureReader.Source(bytes, input))
            try limits.check(reader.header)
            return try reader.decode()
        }
    }

    /// Decodes a picture whose head was read before. Throws `damaged` if the file has another header or is longer,
    /// because it would take more memory than planned.
    package static func decode(_ bytes: [UInt8], as head: PictureHead) throws(PictureError) -> Picture {
        try bytes.lend { (input) throws(PictureError) -> Picture in
            let reader = PictureReader(try PictureReader.Source(bytes, input))
            guard reader.header == head.header, bytes.count <= head.fileByteCount else {
                throw .damaged("its head and its content do not agree")
            }
            return try reader.decode()
        }
    }

    /// Encodes a picture with its profile, density, EXIF, XMP and IPTC. The same picture gives the same bytes.
    ///
    /// PNG keeps layout and depth. JPEG is baseline at `jpegQuality` 1…100, with chroma in full resolution from 90 on
    /// and halved in both directions below. 16-bit samples are rounded to 8, and alpha is omitted if the picture is
    /// opaque everywhere. For JPEG, `cannotEncode` is thrown if alpha is not opaque, a side exceeds 65 500, or the EXIF block exceeds
    /// 65 527 bytes. What is left out is in `Picture.omissions`.
    package static func encode(
        _ picture: Picture, format: PictureFormat, jpegQuality: Int = 95
    ) throws(PictureError) -> [UInt8] {
        precondition(picture.width > 0 && picture.height > 0, "a picture without pixels")
        precondition(
            picture.samples.count == picture.width * picture.height * picture.layout.channelCount,
            "a picture whose samples do not match its size and layout")
        switch format {
        case .png: return try PNGCodec.encode(picture)
        case .jpeg: return try JPEGCodec.encode(picture, quality: jpegQuality)
        }
    }

    /// Recognises the format by the first bytes, regardless of the file's name.
    static func format(of bytes: [UInt8]) throws(PictureError) -> PictureFormat {
        for (format, signature) in [(PictureFormat.png, PNGCodec.signature), (.jpeg, JPEGCodec.signature)] {
            let present = bytes.prefix(signature.count)
            guard signature.starts(with: present) else { continue }
            guard present.count == signature.count else {
                throw .truncated("\(bytes.count) bytes are too few for a picture")
            }
            return format
        }
        if let format = ForeignFormat(bytes) { throw .foreignFormat(format) }
        throw .unknownFormat(
            found: bytes.prefix(8).map { ByteText.hexadecimal($0, uppercase: true) }.joined(separator: " "))
    }
}
