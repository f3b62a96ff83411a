import CImageCodecs

/// Reads and writes JPEG files.
enum JPEGCodec {
    /// The start of image marker and the beginning of the next marker.
    static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// The most bytes that 255 APP2 segments hold without their headers of 16 bytes.
    private static let maximumProfileByteCount = 255 * (65_535 - 16)
    /// libjpeg's limit, which is slightly below the format's.
    private static let maximumSide = 65_500
    /// The lowest quality at which chroma keeps its full resolution, so that colours are not blurred.
    private static let fullChromaQuality = 90

    static func readHeader(_ bytes: [UInt8]) throws(PictureError) -> PictureHeader {
        try bytes.lend { (input) throws(PictureError) -> PictureHeader in
            let shape = try JPEGReader(input).start(keepsMetadata: false).shape
            return PictureHeader(format: .jpeg, width: Int(shape.width), height: Int(shape.height))
        }
    }

    /// Decodes the pixels after the header.
    static func decode(_ reader: JPEGReader, _ header: JPEGReader.Header) throws(PictureError) -> Picture {
        let samples = try reader.readSamples(header.shape)
        var picture = Picture(
            width: Int(header.shape.width), height: Int(header.shape.height), layout: header.shape.layout,
            samples: .eightBit(samples), iccProfile: header.profile, exif: header.exif,
            xmp: header.xmp, iptc: header.iptc, density: header.density, format: .jpeg,
            warnings: reader.warnings)
        if header.isFromCMYK, picture.iccProfile != nil {
            picture.iccProfile = nil
            picture.warnings.append(
                "the ICC profile is left out: it describes CMYK, the samples are now RGB")
        }
        picture.applyExifOrientation()
        return picture
    }

    static func encode(_ picture: Picture, quality: Int) throws(PictureError) -> [UInt8] {
        try check(picture, quality: quality)
        let isGrey = picture.layout.colourCount == 1
        let writer = try JPEGWriter(
            codec_shape(
                width: UInt32(picture.width), height: UInt32(picture.height), channels: isGrey ? 1 : 3,
                bit_depth: 8))
        try writer.start(
            quality: quality, halvesChroma: quality < fullChromaQuality,
            density: picture.density?.jfif ?? (unit: 0, x: 1, y: 1))
        if let exif = picture.exif, !exif.isEmpty {
            try writer.write(.exif, exif)
        }
        if let xmp = picture.xmp, !xmp.isEmpty, xmp.count <= JPEGSegment.xmp.capacity {
            try writer.write(.xmp, xmp)
        }
        if let profile = picture.iccProfile, !profile.isEmpty {
            try writer.write(profile: profile)
        }
        if let iptc = picture.iptc, !iptc.isEmpty {
            try writer.write(.photoshop, PhotoshopResources.holding(iptc: iptc))
        }
        return try writer.finish(picture.opaqueEightBitSamples())
    }

    private static func check(_ picture: Picture, quality: Int) throws(PictureError) {
        guard 1...100 ~= quality else {
            throw .cannotEncode("a JPEG quality of \(quality), expected 1 to 100")
        }
        guard max(picture.width, picture.height) <= maximumSide else {
            throw .cannotEncode(
                "\(picture.width)×\(picture.height) exceeds JPEG's \(maximumSide) a side; write PNG instead")
        }
        guard picture.isOpaque else {
            throw .cannotEncode("JPEG has no transparency; write PNG instead")
        }
        if let exif = picture.exif, exif.count > JPEGSegment.exif.capacity {
            throw .cannotEncode(
                "an EXIF block of \(exif.count) bytes, JPEG holds \(JPEGSegment.exif.capacity); write PNG instead"
            )
        }
        if let profile = picture.iccProfile, profile.count > maximumProfileByteCount {
            throw .cannotEncode(
                "an ICC profile of \(profile.count) bytes, JPEG holds \(maximumProfileByteCount); write PNG instead"
            )
        }
    }
}

extension Picture {
    /// Whether there is no alpha, or alpha is at its maximum everywhere.
    fileprivate var isOpaque: Bool {
        guard layout.hasAlpha else { return true }
        let alphas = stride(from: layout.channelCount - 1, to: samples.count, by: layout.channelCount)
        return switch samples {
        case .eightBit(let samples): alphas.allSatisfy { samples[$0] == .max }
        case .sixteenBit(let samples): alphas.allSatisfy { samples[$0] == .max }
        }
    }

    /// Returns the colours without alpha, with 16 bits rounded to 8.
    fileprivate func opaqueEightBitSamples() -> [UInt8] {
        switch samples {
        case .eightBit(let samples): colours(of: samples) { $0 }
        // This is v * 255 / 65535, rounded.
        case .sixteenBit(let samples): colours(of: samples) { UInt8((UInt32($0) + 128) / 257) }
        }
    }

    private func colours<Sample>(of samples: [Sample], _ convert: (Sample) -> UInt8) -> [UInt8] {
        if let samples = samples as? [UInt8], !layout.hasAlpha { return samples }
        let channelCount = layout.channelCount
        let colourCount = layout.colourCount
        var result: [UInt8] = []
        result.reserveCapacity(width * height * colourCount)
        for pixel in stride(from: 0, to: samples.count, by: channelCount) {
            for c in 0..<colourCount {
                result.append(convert(samples[pixel + c]))
            }
        }
        return result
    }
}
