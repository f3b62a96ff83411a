import Images
import Testing

struct EncodingTests {
    @Test(arguments: PixelLayout.allCases, [8, 16])
    func `PNG returns what was written`(layout: PixelLayout, bits: Int) throws {
        for (width, height) in [(1, 1), (1, 40), (40, 1), (7, 5), (33, 31)] {
            var picture = scene(width, height, layout, bits: bits)
            picture.iccProfile = Array("a profile".utf8)
            picture.exif = Array("MM\0*".utf8) + [0, 0, 0, 8, 0, 0]
            let bytes = try PictureCodec.encode(picture, format: .png)
            #expect(try PictureCodec.decode(bytes) == picture)
            #expect(try PictureCodec.encode(picture, format: .png) == bytes)
        }
    }

    @Test(arguments: [PixelLayout.grey, .rgb], [1, 50, 89, 90, 95, 100])
    func `JPEG comes close and is deterministic`(layout: PixelLayout, quality: Int) throws {
        for (width, height) in [(1, 1), (1, 40), (40, 1), (33, 31)] {
            let picture = scene(width, height, layout)
            let bytes = try PictureCodec.encode(picture, format: .jpeg, jpegQuality: quality)
            let again = try PictureCodec.decode(bytes)
            #expect((again.width, again.height, again.layout) == (width, height, layout))
            #expect(again.warnings.isEmpty)
            #expect(try PictureCodec.encode(picture, format: .jpeg, jpegQuality: quality) == bytes)
            if quality == 100 {
                #expect(try ImageMetrics.psnr(picture, again) > 40)
            }
        }
    }

    @Test func `JPEG keeps full chroma from quality 90 on`() throws {
        for (quality, sampling) in [(89, 0x22), (90, 0x11), (95, 0x11)] as [(Int, UInt8)] {
            let bytes = try PictureCodec.encode(scene(16, 16, .rgb), format: .jpeg, jpegQuality: quality)
            // Start of a baseline frame: length, precision, height, width, count, identifier, sampling.
            let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
            #expect(bytes[frame + 11] == sampling)
        }
    }

    @Test func `16 bits are rounded for JPEG`() throws {
        let wide = Picture(
            width: 8, height: 8, layout: .grey,
            samples: .sixteenBit((0..<64).map { $0 % 2 == 0 ? 32_767 : 32_640 }))
        var narrow = wide
        // 32 767 / 257 = 127.498, 32 640 / 257 = 127.004
        narrow.samples = .eightBit([UInt8](repeating: 127, count: 64))
        let bytes = try PictureCodec.encode(wide, format: .jpeg)
        #expect(try PictureCodec.encode(narrow, format: .jpeg) == bytes)
    }

    @Test func `opaque alpha is left out of JPEG, other alpha is refused`() throws {
        var picture = Picture(
            width: 2, height: 2, layout: .rgba,
            samples: .eightBit((0..<16).map { $0 % 4 == 3 ? 255 : UInt8($0 * 9) }))
        let decoded = try PictureCodec.decode(try PictureCodec.encode(picture, format: .jpeg))
        #expect(decoded.layout == .rgb)
        picture.samples = .eightBit([UInt8](repeating: 254, count: 16))
        #expect(throws: PictureError.cannotEncode("JPEG has no transparency; write PNG instead")) {
            try PictureCodec.encode(picture, format: .jpeg)
        }
    }

    @Test func `what JPEG cannot hold is refused`() throws {
        var picture = scene(2, 2, .rgb)
        for quality in [-1, 0, 101] {
            #expect(throws: PictureError.self) {
                try PictureCodec.encode(picture, format: .jpeg, jpegQuality: quality)
            }
        }
        #expect(throws: PictureError.self) { try PictureCodec.encode(scene(65_501, 1, .grey), format: .jpeg) }
        picture.exif = [UInt8](repeating: 1, count: 65_528)
        #expect(throws: PictureError.self) { try PictureCodec.encode(picture, format: .jpeg) }
        picture.exif?.removeLast()
        let again = try PictureCodec.decode(try PictureCodec.encode(picture, format: .jpeg))
        #expect(again.exif == picture.exif)
    }
}
