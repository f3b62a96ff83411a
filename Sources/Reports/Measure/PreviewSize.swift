import FoundationEssentials
import Images

/// How large the small pictures of a page are. The fewer pictures, the larger they may be: the page is to stay below 30
/// MB with a thousand of them.
struct PreviewSize: Sendable, Equatable {
    /// The longest side in pixels.
    let side: Int
    /// The most bytes of a JPEG, unless even the lowest quality takes more.
    let byteCount: Int

    init(pictureCount: Int) {
        (side, byteCount) =
            switch pictureCount {
            case ...40: (960, 110_000)
            case ...200: (560, 34_000)
            default: (360, 9_500)
            }
    }

    /// From the best to one that still shows what is there.
    private static let qualities = [84, 76, 68, 60, 50, 40, 30]
    /// The largest colour profile that a preview keeps. Those of phones and cameras have 500 to 600 bytes. A larger one
    /// would take the place of the picture.
    private static let maximumProfileByteCount = 1024

    /// Makes a picture small and encodes it as JPEG, in base64.
    func encode(_ pixels: RGBPixels, profile: [UInt8]?) throws(PictureError) -> String {
        let longest = max(pixels.width, pixels.height)
        let small =
            longest > side
            ? pixels.resampled(
                width: max(1, pixels.width * side / longest), height: max(1, pixels.height * side / longest))
            : pixels
        var picture = small.picture
        if let profile, profile.count <= Self.maximumProfileByteCount { picture.iccProfile = profile }
        var bytes: [UInt8] = []
        for quality in Self.qualities {
            bytes = try PictureCodec.encode(picture, format: .jpeg, jpegQuality: quality)
            if bytes.count <= byteCount { break }
        }
        return Data(bytes).base64EncodedString()
    }
}
