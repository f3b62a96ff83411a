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

    package init(
        maximumWidth: Int = 65_535, maximumHeight: Int = 65_535, maximumPixelCount: Int = 100_000_000
    ) {
        self.maximumWidth = maximumWidth
        self.maximumHeight = maximumHeight
        self.maximumPixelCount = maximumPixelCount
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
