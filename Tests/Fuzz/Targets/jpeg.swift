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
