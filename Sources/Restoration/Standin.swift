import Images

enum PictureCodec {
    static func readHeader(_ bytes: [UInt8]) throws(PictureError) -> PictureHeader { throw .unsupported("") }
    static func decode(_ bytes: [UInt8], limits: PictureLimits) throws(PictureError) -> Picture {
        throw .unsupported("")
    }
    static func encode(_ p: Picture, format: PictureFormat, jpegQuality: Int) throws(PictureError) -> [UInt8]
    { [] }
}
