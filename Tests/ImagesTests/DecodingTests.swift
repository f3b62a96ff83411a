import Images
import Testing

/// Every fixture against the pixels that Pillow and djpeg see in it.
struct DecodingTests {
    @Test func `fixtures are there`() {
        #expect(Fixtures.names.count > 100)
    }

    @Test(arguments: Fixtures.names)
    func `samples equal those of Pillow and djpeg`(name: String) throws {
        let expected = try #require(Fixtures.expectations[name])
        let picture = try Fixtures.picture(name)
        #expect(picture.width == expected.width)
        #expect(picture.height == expected.height)
        #expect(picture.layout.rawValue == expected.layout)
        #expect(picture.samples.bits == expected.bits)
        #expect(fnv(picture.samples.littleEndianBytes) == expected.fnv)
        #expect(picture.format == (name.hasSuffix(".png") ? .png : .jpeg))
        if let profile = expected.profile {
            #expect(picture.iccProfile.map { fnv($0) } == profile)
        }
        if let exif = expected.exif {
            #expect(picture.exif.map { fnv($0) } == exif)
        }
    }

    @Test(arguments: Fixtures.names)
    func `header gives the stored size`(name: String) throws {
        let expected = try #require(Fixtures.expectations[name])
        let header = try PictureCodec.readHeader(try Fixtures.bytes(name))
        #expect(Set([header.width, header.height]) == Set([expected.width, expected.height]))
        if !name.contains("orientation"), !name.contains("exif-") {
            #expect(header.width == expected.width)
        }
    }

    @Test func `what is odd but harmless is told, not thrown`() throws {
        let extraneous = try Fixtures.picture("extraneous-bytes.jpg")
        #expect(extraneous.warnings.contains { $0.contains("extraneous bytes") })
        #expect(try Fixtures.picture("trailing-bytes.jpg").warnings.isEmpty)
        #expect(try Fixtures.picture("padded-marker.jpg").warnings.isEmpty)
    }

    @Test func `files that are not pictures are named by their first bytes`() {
        #expect(throws: PictureError.unknownFormat(found: "6E 6F 6E 65")) {
            try PictureCodec.decode(Array("none".utf8))
        }
        #expect(throws: PictureError.foreignFormat(.gif)) {
            try PictureCodec.decode(Array("GIF89a".utf8))
        }
        #expect(throws: PictureError.unknownFormat(found: "0A")) {
            try PictureCodec.readHeader([10])
        }
        #expect(throws: PictureError.truncated("0 bytes are too few for a picture")) {
            try PictureCodec.readHeader([])
        }
    }

    @Test(arguments: ["bad-twelve-bit.jpg", "bad-lossless.jpg", "bad-no-height.jpg"])
    func `kinds of JPEG that are not read are unsupported, not damaged`(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        let error = #expect(throws: PictureError.self) { try PictureCodec.decode(bytes) }
        guard case .unsupported = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
