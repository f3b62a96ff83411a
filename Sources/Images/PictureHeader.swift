/// The contents of a file's header, read before anything is allocated for its pixels.
package struct PictureHeader: Sendable, Equatable {
    package let format: PictureFormat
    /// Size as stored, before the EXIF orientation is applied.
    package let width: Int
    package let height: Int

    package init(format: PictureFormat, width: Int, height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }
}

/// The bounds that the header is checked against before pixels are allocated.
package struct PictureLimits: Sendable, Equatable {
    package var maximumWidth: Int
    package var maximumHeight: Int
    package var maximumPixelCount: Int
    /// The largest file in bytes, checked before it is read. Few pictures of 100 million pixels are larger.
    package var maximumFileByteCount: Int

    package init(
        maximumWidth: Int = 65_535, maximumHeight: Int = 65_535, maximumPixelCount: Int = 100_000_000,
        maximumFileByteCount: Int = 512 << 20
    ) {
        self.maximumFileByteCount = maximumFileByteCount
        self.maximumWidth = maximumWidth
        self.maximumHeight = maximumHeight
        self.maximumPixelCount = maximumPixelCount
    }

    /// Throws `tooLarge` if the file or its header exceeds a bound.
    package func check(_ head: PictureHead) throws(PictureError) {
        try check(fileByteCount: head.fileByteCount)
        try check(head.header)
    }

    /// Throws `tooLarge` if a file of this size exceeds the bound.
    package func check(fileByteCount: Int) throws(PictureError) {
        guard fileByteCount <= maximumFileByteCount else {
            throw .tooLarge(
                "a file of \(fileByteCount) bytes exceeds the limit of \(maximumFileByteCount) (max-file-size)"
            )
        }
    }

    /// Throws `tooLarge` if the header exceeds a bound.
    package func check(_ header: PictureHeader) throws(PictureError) {
        guard header.width <= maximumWidth else {
            throw .tooLarge("a width of \(header.width) exceeds the limit of \(maximumWidth) (max-side)")
        }
        guard header.height <= maximumHeight else {
            throw .tooLarge("a height of \(header.height) exceeds the limit of \(maximumHeight) (max-side)")
        }
        let (pixelCount, overflow) = header.width.multipliedReportingOverflow(by: header.height)
        guard !overflow, pixelCount <= maximumPixelCount else {
            throw .tooLarge(
                "\(header.width)×\(header.height) exceeds the limit of \(maximumPixelCount) pixels (max-pixels)"
            )
        }
    }
}
