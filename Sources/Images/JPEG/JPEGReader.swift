import CImageCodecs

/// A JPEG that libjpeg is reading. The input must outlive it.
final class JPEGReader {
    private let handle: OpaquePointer

    init(_ input: codec_bytes) throws(PictureError) {
        guard let handle = codec_jpeg_reader_create(input) else { throw .noMemory }
        self.handle = handle
    }

    deinit {
        codec_jpeg_reader_free(handle)
    }

    /// The data before the pixels.
    struct Header {
        let shape: codec_shape
        let isFromCMYK: Bool
        let density: PixelDensity?
        let exif: [UInt8]?
        let xmp: [UInt8]?
        let iptc: [UInt8]?
        let profile: [UInt8]?
    }

    /// Reads up to the pixels. Metadata are read only on request.
    func start(keepsMetadata: Bool) throws(PictureError) -> Header {
        var info = codec_jpeg_info()
        try check(codec_jpeg_reader_start(handle, keepsMetadata, &info))
        return Header(
            shape: info.shape, isFromCMYK: info.from_cmyk,
            density: info.has_density
                ? PixelDensity(jfifUnit: info.density_unit, x: info.x_density, y: info.y_density) : nil,
            exif: segment(.exif).map(ExifBlock.withoutPrefix), xmp: segment(.xmp),
            iptc: segment(.photoshop).flatMap(PhotoshopResources.iptc), profile: [UInt8](info.profile))
    }

    /// Returns the first segment of a kind without its prefix.
    private func segment(_ kind: JPEGSegment) -> [UInt8]? {
        kind.prefix.withUnsafeBufferPointer { prefix in
            [UInt8](
                codec_jpeg_reader_segment(
                    handle, kind.number, codec_bytes(bytes: prefix.baseAddress, count: prefix.count)))
        }
    }

    /// Reads all rows. A page of the array is touched only when a row arrives in it.
    func readSamples(_ shape: codec_shape) throws(PictureError) -> [UInt8] {
        var status = codec_ok
        let samples = [UInt8](unsafeUninitializedCapacity: shape.sampleCount) { buffer, count in
            status = codec_jpeg_reader_samples(
                handle, Int32(PictureCodec.maximumScanCount), buffer.baseAddress)
            count = status == codec_ok ? shape.sampleCount : 0
        }
        try check(status)
        return samples
    }

    var warnings: [String] { Images.warnings(in: codec_jpeg_reader_report(handle)) }

    private func check(_ status: codec_status) throws(PictureError) {
        guard status == codec_ok else { throw PictureError(codec_jpeg_reader_report(handle)) }
    }
}
