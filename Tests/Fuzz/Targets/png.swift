import Images

/// PNG through the shim. Checksums are made right in a second try, or hardly any input would get past the first
/// chunk; what decodes must encode, and decode to the same pixels again.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var bytes = pngSignature + Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? PictureCodec.decode(bytes, limits: limits)
    rightChecksums(&bytes)
    guard let picture = try? PictureCodec.decode(bytes, limits: limits) else { return 0 }
    precondition(picture.samples.count == picture.width * picture.height * picture.layout.channelCount)
    checkHead(bytes, picture)
    guard let encoded = try? PictureCodec.encode(picture, format: .png),
        let again = try? PictureCodec.decode(encoded, limits: limits)
    else { preconditionFailure("what was decoded does not come back") }
    precondition(again.samples == picture.samples && again.layout == picture.layout)
    return 0
}

private let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

private let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
}

/// Walks the chunks and makes every CRC right, so that damage reaches the code behind it.
private func rightChecksums(_ bytes: inout [UInt8]) {
    var position = 8
    while position + 12 <= bytes.count {
        let count = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        guard position + 12 + count <= bytes.count else { return }
        var crc = UInt32.max
        for byte in bytes[position + 4..<position + 8 + count] {
            crc = table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8
        }
        for index in 0..<4 {
            bytes[position + 8 + count + index] = UInt8(truncatingIfNeeded: ~crc >> UInt32(24 - 8 * index))
        }
        position += 12 + count
    }
}
