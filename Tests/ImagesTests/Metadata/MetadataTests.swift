import Images
import TestSupport
import Testing

struct MetadataTests {
    @Test(arguments: 1...8)
    func `orientation is applied and its tag reset`(orientation: Int) throws {
        let picture = try Fixtures.picture("orientation\(orientation).jpg")
        let turned = orientation >= 5
        #expect((picture.width, picture.height) == (turned ? (29, 37) : (37, 29)))
        let exif = try #require(picture.exif)
        let isLittleEndian = exif[0] == 0x49
        // First entry of the first directory: the orientation's value.
        #expect(Array(exif[18..<20]) == (isLittleEndian ? [1, 0] : [0, 1]))
        // Its link to the thumbnail's directory, which is dropped where the picture was turned.
        #expect(exif[34..<38].allSatisfy { $0 == 0 } == (orientation != 1))
        // Pixel dimensions, in the second directory.
        let widthField = 38 + 2 + 8
        let stored = isLittleEndian ? exif[widthField] : exif[widthField + 3]
        #expect(stored == (turned ? 29 : 37))
        // Written and read again nothing turns a second time.
        for format in PictureFormat.allCases {
            let again = try PictureCodec.decode(try PictureCodec.encode(picture, format: format))
            #expect((again.width, again.height) == (picture.width, picture.height))
            #expect(again.exif == exif)
        }
    }

    @Test(arguments: [0, 9])
    func `an impossible orientation is left alone`(orientation: Int) throws {
        let picture = try Fixtures.picture("orientation\(orientation).jpg")
        let exif = try #require(picture.exif)
        #expect(exif[18..<20].contains(UInt8(orientation)))
        #expect(picture.width == 37)
    }

    @Test func `damaged EXIF never crashes and is kept`() throws {
        let picture = try Fixtures.picture("orientation6.jpg")
        let intact = try #require(try Fixtures.picture("orientation0.jpg").exif)
        // Bytes that turn counts and offsets into small, huge and negative ones.
        let telling: [UInt8] = [0, 1, 6, 0x7F, 0xFF]
        var generator = SeededGenerator(seed: 7)
        for round in 0..<2000 {
            var exif = intact
            exif[19] = 6
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let value = telling[Int.random(in: 0..<telling.count, using: &generator)]
                exif[Int.random(in: 0..<exif.count, using: &generator)] = value
            }
            exif.removeLast(round % exif.count)
            var mutated = picture
            mutated.exif = exif
            let decoded = try PictureCodec.decode(try PictureCodec.encode(mutated, format: .png))
            #expect((decoded.exif ?? []).count == exif.count)
        }
    }

    /// Found by fuzzing: a prefix that JPEG had twice hid the orientation, which appeared when PNG was read.
    @Test func `a prefix written twice hides no orientation`() throws {
        let prefix = Array("Exif\0\0".utf8)
        let picture = try Fixtures.picture("orientation1.jpg")
        for orientation in [1, 3, 6] {
            var doubled = picture
            doubled.exif = prefix + (try #require(try Fixtures.picture("orientation0.jpg").exif))
            doubled.exif?[prefix.count + 19] = UInt8(orientation)
            let read = try PictureCodec.decode(try PictureCodec.encode(doubled, format: .jpeg))
            #expect(read.width == (orientation == 6 ? picture.height : picture.width))
            let again = try PictureCodec.decode(try PictureCodec.encode(read, format: .png))
            #expect(again.samples == read.samples && again.exif == read.exif)
        }
    }

    @Test func `16-bit samples turn as 8-bit samples do`() throws {
        var wide = scene(5, 3, .rgba, bits: 16)
        wide.exif = try Fixtures.picture("orientation0.jpg").exif
        for orientation in 1...8 {
            wide.exif?[19] = UInt8(orientation)
            var narrow = wide
            guard case .sixteenBit(let samples) = wide.samples else {
                Issue.record("the scene has not 16 bits")
                return
            }
            narrow.samples = .eightBit(samples.map { UInt8($0 >> 8) })
            let turnedWide = try PictureCodec.decode(try PictureCodec.encode(wide, format: .png))
            let turnedNarrow = try PictureCodec.decode(try PictureCodec.encode(narrow, format: .png))
            guard case .sixteenBit(let turned) = turnedWide.samples else {
                Issue.record("the turned picture has not 16 bits")
                return
            }
            #expect(turnedNarrow.samples == .eightBit(turned.map { UInt8($0 >> 8) }))
        }
    }

    @Test(arguments: PictureFormat.allCases, [1, 131, 65_519, 65_520, 200_000])
    func `any ICC profile is kept verbatim`(format: PictureFormat, byteCount: Int) throws {
        var picture = scene(9, 7, .rgb)
        picture.iccProfile = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let again = try PictureCodec.decode(try PictureCodec.encode(picture, format: format))
        #expect(again.iccProfile == picture.iccProfile)
        #expect(again.warnings.isEmpty)
    }

    @Test func `a profile that cannot be used is left out with a word`() throws {
        for (name, word) in [
            ("profile-bomb.png", "too large"), ("profile-incomplete.jpg", "ICC"), ("cmyk.jpg", "CMYK"),
        ] {
            let picture = try Fixtures.picture(name)
            #expect(picture.iccProfile == nil, "\(name)")
            #expect(picture.warnings.contains { $0.contains(word) }, "\(name): \(picture.warnings)")
        }
    }

    @Test func `gamma, chromaticities and sRGB pass through PNG`() throws {
        let picture = try Fixtures.picture("chunks.png")
        #expect(picture.colourChunks.map(\.type) == ["gAMA", "cHRM"])
        #expect(picture.density == PixelDensity(x: 11_811, y: 5906, unit: .metre))
        #expect(try PictureCodec.decode(try PictureCodec.encode(picture, format: .png)) == picture)
        #expect(try Fixtures.picture("srgb.png").colourChunks == [ColourChunk(type: "sRGB", bytes: [0])])
    }

    @Test func `density is converted between the formats`() throws {
        var picture = scene(4, 4, .rgb)
        picture.density = PixelDensity(x: 11_811, y: 5906, unit: .metre)
        let jpeg = try PictureCodec.decode(try PictureCodec.encode(picture, format: .jpeg))
        #expect(jpeg.density == PixelDensity(x: 300, y: 150, unit: .inch))
        let png = try PictureCodec.decode(try PictureCodec.encode(jpeg, format: .png))
        #expect(png.density == picture.density)
        picture.density = PixelDensity(x: 40_000_000, y: 10_000_000, unit: .metre)
        let extreme = try PictureCodec.decode(try PictureCodec.encode(picture, format: .jpeg))
        #expect(extreme.density == PixelDensity(x: 65_535, y: 16_384, unit: .aspectRatio))
        picture.density = PixelDensity(x: 118, y: 118, unit: .centimetre)
        let centimetres = try PictureCodec.decode(try PictureCodec.encode(picture, format: .png))
        #expect(centimetres.density == PixelDensity(x: 11_800, y: 11_800, unit: .metre))
    }
}
