import CImageCodecs

/// A JPEG that libjpeg is writing: headers, metadata, profile, then samples.
struct JPEGWriter: ~Copyable {
    private let handle: OpaquePointer

    init(_ shape: codec_shape) throws(PictureError) {
        guard let handle = codec_jpeg_writer_create(shape) else { throw .noMemory }
        self.handle = handle
    }

    deinit {
        codec_jpeg_writer_free(handle)
    }

    /// Writes the headers.
    func start(
        quality: Int, halvesChroma: Bool, density: (unit: UInt8, x: UInt16, y: UInt16)
    ) throws(PictureError) {
        try check(
            codec_jpeg_writer_start(
                handle, Int32(quality), halvesChroma, density.unit, density.x, density.y))
    }

    /// Writes a segment of a kind with at most its capacity of bytes.
    func write(_ kind: JPEGSegment, _ bytes: [UInt8]) throws(PictureError) {
        try (kind.prefix + bytes).lend { (data) throws(PictureError) in
            try check(codec_jpeg_writer_segment(handle, kind.number, data))
        }
    }

    func write(profile: [UInt8]) throws(PictureError) {
        try profile.lend { (data) throws(PictureError) in
            try check(codec_jpeg_writer_profile(handle, data))
        }
    }

    /// Writes all rows and the trailer, and returns the file's bytes.
    func finish(_ samples: [UInt8]) throws(PictureError) -> [UInt8] {
        var output = codec_bytes()
        try check(codec_jpeg_writer_samples(handle, samples, &output))
        return [UInt8](output) ?? []
    }

    private func check(_ status: codec_status) throws(PictureError) {
        guard status != codec_ok else { return }
        throw PictureError(writing: status, codec_jpeg_writer_report(handle))
    }
}
