import CZlib
import Files

/// Calls zlib.
enum Zlib {
    /// Returns the CRC-32 of the bytes, continuing from `previous`.
    static func checksum(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        // With a null pointer crc32 starts again instead of continuing.
        guard let start, !bytes.isEmpty else { return previous }
        return UInt32(truncatingIfNeeded: crc32_z(UInt(previous), start, bytes.count))
    }

    /// Returns the CRC-32 of the bytes, continuing from `previous`.
    static func checksum(_ bytes: RawSpan, after previous: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0, after: previous) }
    }

    /// Inflates a raw deflate stream that must fill `output` exactly. Returns false if it is damaged, too
    /// short or too long.
    static func inflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
        var stream = z_stream()
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else {
            return false
        }
        defer { inflateEnd(&stream) }
        // zlib counts in 32 bits, and needs a valid pointer even if no output is expected.
        var spare: UInt8 = 0
        return withUnsafeMutablePointer(to: &spare) { spare in
            var consumed = 0
            var produced = 0
            while true {
                let inputPart = min(input.count - consumed, 1 << 30)
                let outputPart = min(output.count - produced, 1 << 30)
                stream.next_in = input.baseAddress.map {
                    UnsafeMutableRawPointer(mutating: $0 + consumed).assumingMemoryBound(to: UInt8.self)
                }
                stream.avail_in = UInt32(inputPart)
                stream.next_out =
                    outputPart > 0
                    ? output.baseAddress.map { ($0 + produced).assumingMemoryBound(to: UInt8.self) } : spare
                stream.avail_out = UInt32(max(outputPart, 1))
                let result = CZlib.inflate(&stream, Z_NO_FLUSH)
                consumed += inputPart - Int(stream.avail_in)
                let made = max(outputPart, 1) - Int(stream.avail_out)
                if outputPart == 0, made > 0 { return false }
                produced += made
                if result == Z_STREAM_END { return produced == output.count && consumed == input.count }
                guard result == Z_OK else { return false }
            }
        }
    }
}

/// A deflate stream that takes input in pieces and passes on its output.
final class Deflater {
    private var stream = z_stream()
    private var output = [UInt8](repeating: 0, count: 1 << 16)

    /// Returns nil if zlib lacks memory.
    init?() {
        let result = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_RLE, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { return nil }
    }

    deinit { deflateEnd(&stream) }

    /// Compresses `input`. With `isLast`, everything that zlib still holds is passed on, too.
    func deflate(
        _ input: RawSpan, isLast: Bool, _ emit: (RawSpan) throws(FileError) -> Void
    ) throws(FileError) {
        precondition(input.byteCount <= 1 << 30, "feed the deflater smaller pieces")
        var consumed = 0
        while true {
            let made = input.withUnsafeBytes { bytes in
                output.withUnsafeMutableBufferPointer { output in
                    let rest = bytes.count - consumed
                    stream.next_in = bytes.baseAddress.map {
                        UnsafeMutableRawPointer(mutating: $0 + consumed).assumingMemoryBound(to: UInt8.self)
                    }
                    stream.avail_in = UInt32(rest)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(output.count)
                    // All errors would be misuse of this class; Z_BUF_ERROR means that there was nothing to
                    // do.
                    _ = CZlib.deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                    consumed += rest - Int(stream.avail_in)
                    return output.count - Int(stream.avail_out)
                }
            }
            let produced = output
            try emit(produced.span.bytes.extracting(0..<made))
            // A full buffer means that there may be more output.
            if made < output.count { return }
        }
    }
}
