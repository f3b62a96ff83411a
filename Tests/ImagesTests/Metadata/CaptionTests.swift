import Images
import TestSupport
import Testing

/// XMP and IPTC: captions, keywords, authors. The fixtures are read by Pillow in the same way.
struct CaptionTests {
    private static let iptc: [UInt8] =
        [0x1C, 2, 120, 0, 10] + Array("Rainy day.".utf8) + [0x1C, 2, 25, 0, 4] + Array("rain".utf8)

    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    @Test func `XMP and IPTC are read, and the orientation reset where the samples are turned`() throws {
        let picture = try Fixtures.picture("captions.jpg")
        #expect(picture.iptc == Self.iptc)
        #expect(text(picture.xmp).contains(#"tiff:Orientation="1"><tiff:Orientation>1</"#))
        #expect(text(picture.xmp).hasSuffix(#"<?xpacket end="w"?>"#))
    }

    @Test func `both survive JPEG`() throws {
        let picture = try Fixtures.picture("captions.jpg")
        let again = try PictureCodec.decode(try PictureCodec.encode(picture, format: .jpeg))
        #expect(again.xmp == picture.xmp && again.iptc == picture.iptc && again.exif == picture.exif)
        #expect(picture.omissions(in: .jpeg).isEmpty)
    }

    @Test func `PNG keeps XMP and says that it has no place for IPTC`() throws {
        let picture = try Fixtures.picture("captions.jpg")
        let again = try PictureCodec.decode(try PictureCodec.encode(picture, format: .png))
        #expect(again.xmp == picture.xmp && again.iptc == nil)
        #expect(picture.omissions(in: .png).count == 1)
    }

    @Test func `an iTXt chunk of another keyword is not XMP`() throws {
        let picture = try Fixtures.picture("captions.png")
        #expect(text(picture.xmp).hasPrefix("<?xpacket"))
        let again = try PictureCodec.decode(try PictureCodec.encode(picture, format: .png))
        #expect(again.xmp == picture.xmp)
    }

    @Test func `a packet that JPEG cannot hold is left out and named`() throws {
        var picture = try Fixtures.picture("captions.png")
        picture.xmp = [UInt8](repeating: 0x20, count: 65_504)
        #expect(picture.omissions(in: .jpeg).isEmpty)
        #expect(try PictureCodec.decode(PictureCodec.encode(picture, format: .jpeg)).xmp == picture.xmp)
        picture.xmp?.append(0x20)
        #expect(picture.omissions(in: .jpeg).count == 1)
        #expect(try PictureCodec.decode(PictureCodec.encode(picture, format: .jpeg)).xmp == nil)
    }

    @Test(arguments: [
        ("tiff:Orientation=\"6\"", "tiff:Orientation=\"1\""),
        ("tiff:Orientation = '8' ", "tiff:Orientation = '1' "),
        ("<tiff:Orientation>\n3\n</tiff:Orientation>", "<tiff:Orientation>\n1\n</tiff:Orientation>"),
        ("tiff:Orientation=\"66\"", "tiff:Orientation=\"66\""),
        ("tiff:Orientation6", "tiff:Orientation6"),
        ("tiff:Orientation=\"6", "tiff:Orientation=\"6"),
        ("tiff:Orientation", "tiff:Orientation"),
        ("tiff:Orientatio", "tiff:Orientatio"),
    ])
    func `only a value of orientation is changed`(before: String, after: String) {
        var bytes = Array(before.utf8)
        XMPPacket.resetOrientation(in: &bytes)
        #expect(text(bytes) == after)
    }

    @Test func `damaged resources and texts never crash`() throws {
        let intact = PhotoshopResources.holding(iptc: Self.iptc)
        #expect(PhotoshopResources.iptc(in: intact) == Self.iptc)
        for count in 0..<intact.count {
            #expect(PhotoshopResources.iptc(in: Array(intact.prefix(count))) == nil)
        }
        let chunk = XMPText.holding(Array("<x/>".utf8))
        for count in 0..<chunk.count - 4 {
            #expect(XMPText.packet(in: Array(chunk.prefix(count))) == nil)
        }
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            var mutated = intact
            for _ in 0..<3 {
                mutated[Int.random(in: 0..<12, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            if let found = PhotoshopResources.iptc(in: mutated) { #expect(found.count <= intact.count) }
        }
    }
}
