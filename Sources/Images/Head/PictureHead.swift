/// What the head of a file tells: enough to know what memory the picture takes before the rest of the file is read.
package struct PictureHead: Sendable, Equatable {
    package let header: PictureHeader
    package let fileByteCount: Int
    /// Bytes of a decoded pixel, at most: a palette or a colour key may become alpha.
    package let pixelByteCount: Int

    package init(header: PictureHeader, fileByteCount: Int, pixelByteCount: Int) {
        self.header = header
        self.fileByteCount = fileByteCount
        self.pixelByteCount = pixelByteCount
    }

    package var pixelCount: Int { header.width * header.height }

    /// The decoded samples.
    package var sampleByteCount: Int { pixelCount * pixelByteCount }

    // The three phases of a picture's work follow each other. EXIF and profile are part of the file or were deflated in
    // it: they are in memory as the codec keeps them, as the picture keeps them, and in the output.

    /// What decoding takes at its peak: the file and its metadata up to three times more, and the samples, beside a turned
    /// copy of them or the coefficients of a JPEG, of up to four components in whole units of 32×32 pixels.
    package var decodingByteCount: Int {
        let coefficientCount =
            header.format == .jpeg ? 4 * Self.padded(header.width) * Self.padded(header.height) : 0
        return fileByteCount.capped(times: 4) + 3 * profileByteCount + rowByteCount + sampleByteCount
            + max(sampleByteCount, 2 * coefficientCount)
    }

    /// What a decoded picture takes while it waits: its file, EXIF, profile and samples.
    package var decodedByteCount: Int {
        fileByteCount.capped(times: 2) + profileByteCount + sampleByteCount
    }

    /// What encoding takes at its peak beside that: other samples, 8-bit colours of them, and the output, which grows by
    /// halves and is copied once. The most that JPEG makes of a pixel is six bytes.
    package var encodingByteCount: Int {
        let outputByteCount =
            max(sampleByteCount, 6 * pixelCount) + profileByteCount + fileByteCount.capped(times: 1)
        return sampleByteCount + 3 * pixelCount + profileByteCount + rowByteCount + outputByteCount / 2 * 5
    }

    /// The codecs' rows.
    private var rowByteCount: Int { 256 * Self.padded(header.width) }

    /// Deflate packs 1,032 bytes into one at most.
    private var profileByteCount: Int {
        header.format == .png
            ? min(PictureCodec.maximumProfileByteCount, fileByteCount.capped(times: 1032)) : 0
    }

    private static func padded(_ side: Int) -> Int { (side + 31) / 32 * 32 }
}

extension Int {
    /// A file's size may be anything that fits into 63 bits.
    fileprivate func capped(times factor: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max / 16 : Swift.min(product, .max / 16)
    }
}
