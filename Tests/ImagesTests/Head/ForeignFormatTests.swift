import Images
import Testing

@Suite("Formats that must be converted first") struct ForeignFormatTests {
    /// The first bytes of files that the formats' own programs write.
    private static let heads: [(ForeignFormat, [UInt8])] = [
        (.webP, Array("RIFF\u{24}\0\0\0WEBPVP8 ".utf8)),
        (.heif, [0, 0, 0, 0x18] + Array("ftypheic\0\0\0\0".utf8)),
        (.avif, [0, 0, 0, 0x20] + Array("ftypavif\0\0\0\0".utf8)),
        (.raw, [0x49, 0x49, 0x2A, 0, 0x10, 0, 0, 0] + Array("CR\u{2}\0".utf8)),
        (.raw, [0, 0, 0, 0x18] + Array("ftypcrx \0\0\0\u{1}".utf8)),
        (.video, [0, 0, 0, 0x20] + Array("ftypisom\0\0\u{2}\0".utf8)),
        (.tiff, [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0]), (.tiff, [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8]),
        (.gif, Array("GIF89a".utf8)),
        (.bmp, Array("BM".utf8) + [0x46, 0, 0, 0, 0, 0, 0, 0, 0x36, 0, 0, 0]),
        (.jpegXL, [0xFF, 0x0A, 0xFA]), (.jpegXL, [0, 0, 0, 0x0C] + Array("JXL \r\n".utf8)),
        (.jpeg2000, [0, 0, 0, 0x0C] + Array("jP  \r\n".utf8)), (.pdf, Array("%PDF-1.7".utf8)),
    ]

    @Test(arguments: heads) func aFileIsRecognisedByItsFirstBytes(format: ForeignFormat, head: [UInt8]) {
        #expect(ForeignFormat(head) == format)
    }

    @Test func nothingElseIs() {
        let others: [[UInt8]] = [
            [], [0x42, 0x4D], Array("BMW drives".utf8), Array("RIFF".utf8), [0x89, 0x50, 0x4E, 0x47],
        ]
        for bytes in others { #expect(ForeignFormat(bytes) == nil, "\(bytes)") }
        for length in 0..<4 {
            for (_, head) in Self.heads { _ = ForeignFormat(head.prefix(length)) }
        }
    }

    @Test func aFileIsRecognisedByItsExtension() {
        #expect(ForeignFormat(fileExtension: "heic") == .heif)
        #expect(ForeignFormat(fileExtension: "cr2") == .raw)
        #expect(ForeignFormat(fileExtension: "png") == nil)
        #expect(ForeignFormat(fileExtension: "txt") == nil)
    }

    @Test func theErrorSaysWhatToDo() {
        #expect(
            "\(PictureError.foreignFormat(.webP))"
                == "neither PNG nor JPEG but WebP: convert it first, for example with dwebp in.webp -o out.png"
        )
    }
}
