import CImageCodecs

/// A PNG that libpng is reading. The input must outlive it.
struct PNGReader: ~Copyable {
    private let handle: OpaquePointer

    init(_ input: codec_bytes) throws(PictureError) {
        guard let handle = codec_png_reader_create(input) else { throw .noMemory }
        self.handle = handle
    }

    deinit {
        codec_png_reader_free(handle)
    }

    /// Reads up to the pixels.
    func start() throws(PictureError) -> codec_shape {
        var shape = codec_shape()
        try check(codec_png_reader_start(handle, &shape))
        return shape
    }

    /// Reads all rows. A page of the array is touched only when a row arrives in it.
    func readSamples(_ shape: codec_shape) throws(PictureError) -> PixelSamples {
        var status = codec_ok
        let samples: PixelSamples
        if shape.bit_depth == 16 {
            samples = .sixteenBit(
                [UInt16](unsafeUninitializedCapacity: shape.sampleCount) { buffer, count in
                    status = codec_png_reader_samples(handle, buffer.baseAddress)
                    count = status == codec_ok ? shape.sampleCount : 0
                })
        } else {
            samples = .eightBit(
                [UInt8](unsafeUninitializedCapacity: shape.sampleCount) { buffer, count in
                    status = codec_png_reader_samples(handle, buffer.baseAddress)
                    count = status == codec_ok ? shape.sampleCount : 0
                })
        }
        try check(status)
        return samples
    }

    /// The number of kept chunks. It must be called after `readSamples`.
    var chunkCount: Int { codec_png_reader_chunk_count(handle) }

    /// Returns a kept chunk. Chunks are in the file's order.
    func chunk(_ index: Int) -> (type: String, bytes: [UInt8]) {
        var chunk = codec_png_reader_chunk(handle, index)
        let type = withUnsafeBytes(of: &chunk.type) { String(decoding: $0.prefix(4), as: UTF8.self) }
        return (type, [UInt8](chunk.data) ?? [])
    }

    var warnings: [String] { Images.warnings(in: codec_png_reader_report(handle)) }

    private func check(_ status: codec_status) throws(PictureError) {
        guard status == codec_ok else { throw PictureError(codec_png_reader_report(handle)) }
    }
}

/// Inflates the payload of an iCCP chunk. Returns nil if it is damaged or has more than `limit` bytes.
func inflateProfile(_ chunk: [UInt8], limit: Int) throws(PictureError) -> [UInt8]? {
    var profile = codec_bytes()
    let status = chunk.withUnsafeBufferPointer { buffer in
        codec_png_inflate_profile(
            codec_bytes(bytes: buffer.baseAddress, count: buffer.count), limit, &profile)
    }
    guard status != codec_no_memory else { throw .noMemory }
    guard status == codec_ok else { return nil }
    defer { codec_bytes_free(profile) }
    return [UInt8](profile)
}
