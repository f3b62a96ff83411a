import CImageCodecs

/// A PNG that libpng is writing: header, chunks, then samples.
struct PNGWriter: ~Copyable {
    private let handle: OpaquePointer

    init(_ shape: codec_shape) throws(PictureError) {
        guard let handle = codec_png_writer_create(shape) else { throw .noMemory }
        self.handle = handle
    }

    deinit {
        codec_png_writer_free(handle)
    }

    /// Writes the header.
    func start() throws(PictureError) {
        try check(codec_png_writer_start(handle))
    }

    /// Writes a chunk; `type` has four letters.
    func write(chunk type: String, _ bytes: [UInt8]) throws(PictureError) {
        try bytes.lend { (data) throws(PictureError) in
            try check(codec_png_writer_chunk(handle, type, data))
        }
    }

    func write(profile: [UInt8]) throws(PictureError) {
        try profile.lend { (data) throws(PictureError) in
            try check(codec_png_writer_profile(handle, data))
        }
    }

    /// Writes all rows and the trailer, and returns the file's bytes.
    func finish(_ samples: PixelSamples) throws(PictureError) -> [UInt8] {
        var output = codec_bytes()
        let status =
            switch samples {
            case .eightBit(let samples): codec_png_writer_samples(handle, samples, &output)
            case .sixteenBit(let samples): codec_png_writer_samples(handle, samples, &output)
            }
        try check(status)
        return [UInt8](output) ?? []
    }

    private func check(_ status: codec_status) throws(PictureError) {
        guard status != codec_ok else { return }
        throw PictureError(writing: status, codec_png_writer_report(handle))
    }
}
