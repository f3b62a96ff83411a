import FoundationEssentials
import Images

/// How large the small pictures of a page are. The fewer pictures, the larger they may be: the page is to stay below 30
/// MB with a thousand of them.
struct PreviewSize: Sendable, Equatable {
    /// The longest side in pixels.
    let side: Int
    /// The most bytes of a JPEG. Noise may take more.
    let byteCount: Int

    init(pictureCount: Int) {
        (side, byteCount) =
            switch pictureCount {
            case ...40: (960, 110_000)
            case ...200: (560, 34_000)
            default: (360, 10_000)
            }
    }

    /// From the best to one that still shows what is there.
    private static let qualities: ArraySlice = [84, 76, 68, 60, 50, 40, 30]
    /// The largest colour profile that a preview keeps. Those of phones and cameras have 500 to 600 bytes. A larger one
    /// would take the place of the picture.
    private static let maximumProfileByteCount = 1024

    /// Makes a picture small and encodes it as JPEG, in base64. What is too large even at the lowest quality, such as
    /// noise, is made smaller.
    func encode(_ pixels: RGBPixels, profile: [UInt8]?) throws(PictureError) -> String {
        var bytes: [UInt8] = []
        for (side, qualities) in [
            (side, Self.qualities), (side * 3 / 4, Self.qualities.suffix(4)),
            (side / 2, Self.qualities.suffix(2)),
        ] {
            var picture = Self.fitted(pixels, into: side).picture
            if let profile, profile.count <= Self.maximumProfileByteCount { picture.iccProfile = profile }
            for quality in qualities {
                bytes = try PictureCodec.encode(picture, format: .jpeg, jpegQuality: quality)
                if bytes.count <= byteCount { return Data(bytes).base64EncodedString() }
            }
        }
        return Data(bytes).base64EncodedString()
    }

    private static func fitted(_ pixels: RGBPixels, into side: Int) -> RGBPixels {
        let longest = max(pixels.width, pixels.height)
        guard longest > side else { return pixels }
        return pixels.resampled(
            width: max(1, pixels.width * side / longest), height: max(1, pixels.height * side / longest))
    }
}
