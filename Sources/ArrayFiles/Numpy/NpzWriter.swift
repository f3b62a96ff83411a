import Files

/// Writes an `.npz` file array by array, with the same bytes as `numpy.savez`: the same arrays in the same
/// order give the same file. Only one array is in memory at a time; the directory grows by about a hundred
/// bytes for each.
package final class NpzWriter {
    private let zip: ZipWriter

    /// Creates a writer to `output`, which the caller must flush.
    package init(to output: FileWriter) {
        zip = ZipWriter(to: output)
    }

    package init(to output: FileWriter, thresholds: ZipWriter.Thresholds) {
        zip = ZipWriter(to: output, thresholds: thresholds)
    }

    /// Adds an array of bytes, row-major, under an unused key.
    package func add(_ key: String, shape: [Int], bytes: [UInt8]) throws {
        try add(key, type: .uint8, shape: shape, body: bytes.span.bytes)
    }

    /// Adds an array of float32, row-major, under an unused key.
    package func add(_ key: String, shape: [Int], floats: [Float]) throws {
        try add(key, type: .float32, shape: shape, body: floats.span.bytes)
    }

    /// Writes the directory. Nothing can be added afterwards, and the output is not flushed.
    package func finish() throws {
        try zip.finish()
    }

    private func add(
        _ key: String, type: NpyHeader.ElementKind, shape: [Int], body: RawSpan
    ) throws {
        precondition(
            shape.reduce(1, *) * type.byteCount == body.byteCount, "\(key): the values do not fill the shape")
        // numpy always requests 64-bit sizes, because it does not know the sizes beforehand.
        try zip.add(
            key + ".npy", head: NpyHeader.encode(type: type, shape: shape), body: body, forcesZip64: true)
    }
}
