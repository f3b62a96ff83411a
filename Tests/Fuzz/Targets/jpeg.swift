import Images

/// JPEG through the shim; what decodes must encode again, with its metadata, in both formats.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes: [UInt8] = [0xFF, 0xD8, 0xFF] + UnsafeBufferPointer(start: start, count: count)
    _ = try? head(bytes)
    guard let picture = try? PictureCodec.decode(bytes, limits: limits) else { return 0 }
    precondition(picture.samples.count == picture.width * picture.height * picture.layout.channelCount)
    checkHead(bytes, picture)
    guard let encoded = try? PictureCodec.encode(picture, format: .png),
        let again = try? PictureCodec.decode(encoded, limits: limits)
    else { preconditionFailure("what was decoded does not come back") }
    precondition(again.samples == picture.samples && again.layout == picture.layout)
    if let small = try? PictureCodec.encode(picture, format: .jpeg, jpegQuality: 50) {
        guard (try? PictureCodec.decode(small, limits: limits)) != nil else {
            preconditionFailure("what was encoded does not decode")
        }
    }
    return 0
}

/// Small: a huge picture takes time and teaches nothing.
private let limits = PictureLimits(maximumWidth: 512, maximumHeight: 512, maximumPixelCount: 1 << 16)

private func head(_ bytes: [UInt8]) throws -> PictureHead {
    try PictureHeadReader.head(fileByteCount: bytes.count) { Array(bytes[$0..<min($0 + $1, bytes.count)]) }
}

/// What is decoded takes no more memory than the head announced.
private func checkHead(_ bytes: [UInt8], _ picture: Picture) {
    guard let head = try? head(bytes) else { preconditionFailure("a picture without a head") }
    let byteCount: Int
    switch picture.samples {
    case .eightBit(let samples): byteCount = samples.count
    case .sixteenBit(let samples): byteCount = 2 * samples.count
    }
    precondition(byteCount <= head.sampleByteCount)
}
