import Images
import TestSupport
import Testing

/// Files cut off, flipped and forged: an error or a picture, never a crash, a hang or memory beyond the limits.
struct DamageTests {
    static let samples = [
        "rgb8.png", "rgba16-interlaced.png", "palette8-alpha-interlaced.png", "grey1-33x20.png",
        "profile.png",
        "exif-before.png", "baseline-2x2.jpg", "progressive-2x1.jpg", "arithmetic-progressive.jpg",
        "restart.jpg", "ycck.jpg", "metadata.jpg", "three-scans.jpg",
    ]

    /// A file of megabytes cannot grow out of these few kilobytes.
    static let limits = PictureLimits(
        maximumWidth: 4096, maximumHeight: 4096, maximumPixelCount: 1 << 20)

    @Test(arguments: samples)
    func `a file cut off anywhere is truncated`(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        let byPercent = (0..<100).map { bytes.count * $0 / 100 }
        for count in byPercent + [bytes.count - 1, bytes.count - 2, bytes.count - 12] {
            let error = #expect(throws: PictureError.self) {
                try PictureCodec.decode(Array(bytes.prefix(count)))
            }
            guard case .truncated(let message) = error, !message.isEmpty else {
                Issue.record("\(count) of \(bytes.count) bytes: \(String(describing: error))")
                continue
            }
        }
    }

    @Test(arguments: samples)
    func `flipped bits give an error or a picture`(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        var generator = SeededGenerator(seed: fnv(name.utf8).utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        var outcomes: [Bool: Int] = [:]
        for round in 0..<600 {
            var damaged = bytes
            // Half of the rounds aim at the headers.
            let end = round % 2 == 0 ? min(200, bytes.count) : bytes.count
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                damaged[Int.random(in: 3..<end, using: &generator)] ^=
                    1 << UInt8.random(in: 0..<8, using: &generator)
            }
            outcomes[decodes(damaged), default: 0] += 1
        }
        #expect(outcomes[false, default: 0] > 0)
    }

    @Test(arguments: samples.filter { $0.hasSuffix(".png") })
    func `flipped bits behind a right checksum too`(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<600 {
            var damaged = bytes
            let position = Int.random(in: 8..<bytes.count, using: &generator)
            damaged[position] = UInt8.random(in: .min ... .max, using: &generator)
            _ = decodes(withRightChecksums(damaged))
        }
    }

    @Test(arguments: samples)
    func `bytes dropped, doubled or joined give an error or a picture`(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        let other = try Fixtures.bytes("baseline-2x2.jpg")
        var generator = SeededGenerator(seed: 23)
        for round in 0..<300 {
            let first = Int.random(in: 3..<bytes.count, using: &generator)
            let second = min(bytes.count, first + Int.random(in: 1...40, using: &generator))
            let damaged =
                switch round % 3 {
                case 0: bytes[..<first] + bytes[second...]
                case 1: bytes[..<second] + bytes[first...]
                default: bytes[..<first] + other[(first % other.count)...]
                }
            _ = decodes(Array(damaged))
        }
    }

    @Test func `a wrong checksum is damage`() throws {
        var bytes = try Fixtures.bytes("rgb8.png")
        let data = try #require(
            bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == Array("IDAT".utf8) })
        bytes[data + 30] ^= 4
        let error = #expect(throws: PictureError.self) { try PictureCodec.decode(bytes) }
        guard case .damaged(let message) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.contains("IDAT"))
    }

    @Test func `damage in a JPEG is told with its place`() throws {
        var bytes = try Fixtures.bytes("restart.jpg")
        let markers = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && (0xD0...0xD7) ~= bytes[$0 + 1] }
        bytes[try #require(markers.last) + 1] ^= 3
        let error = #expect(throws: PictureError.self) { try PictureCodec.decode(bytes) }
        guard case .damaged(let message) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(message.contains("RST") && message.contains("row"))
    }

    @Test func `limits hold before pixels are read`() throws {
        for name in ["rgb8.png", "baseline-2x2.jpg"] {
            // Cut off after the header: whoever read on would report truncation.
            let bytes = try Fixtures.bytes(name)
            let head = name.hasSuffix("png") ? Array(bytes.prefix(33)) : bytes
            let header = try PictureCodec.readHeader(head)
            for limits in [
                PictureLimits(maximumWidth: header.width - 1),
                PictureLimits(maximumHeight: header.height - 1),
                PictureLimits(maximumPixelCount: header.width * header.height - 1),
            ] {
                let error = #expect(throws: PictureError.self) {
                    try PictureCodec.decode(head, limits: limits)
                }
                guard case .tooLarge = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
            }
            let exact = PictureLimits(
                maximumWidth: header.width, maximumHeight: header.height,
                maximumPixelCount: header.width * header.height)
            #expect(throws: Never.self) { try PictureCodec.decode(bytes, limits: exact) }
        }
    }

    @Test(arguments: [
        (0, 5), (5, 0), (0x8000_0000, 1), (0xFFFF_FFFF, 0xFFFF_FFFF), (0x7FFF_FFFF, 0x7FFF_FFFF),
    ])
    func `absurd sizes are refused`(width: Int, height: Int) throws {
        var bytes = try Fixtures.bytes("rgb8.png")
        for index in 0..<4 {
            bytes[16 + index] = UInt8(truncatingIfNeeded: width >> (24 - 8 * index))
            bytes[20 + index] = UInt8(truncatingIfNeeded: height >> (24 - 8 * index))
        }
        #expect(throws: PictureError.self) { try PictureCodec.decode(withRightChecksums(bytes)) }
    }

    @Test func `scans are counted`() throws {
        // A progressive file whose first scan is repeated: a few bytes each, a whole picture of work each.
        let bytes = try Fixtures.bytes("grey-progressive.jpg")
        let first = try #require(bytes.indices.first { Array(bytes[$0...].prefix(2)) == [0xFF, 0xDA] })
        let end = try #require(
            bytes.indices.first { $0 > first && bytes[$0] == 0xFF && bytes[$0 + 1] > 0xD7 })
        let repeated = { (count: Int) in
            [UInt8](bytes[..<end]) + (0..<count).flatMap { _ in bytes[first..<end] } + bytes[end...]
        }
        let samples = try PictureCodec.decode(bytes).samples
        #expect(try PictureCodec.decode(repeated(50)).samples == samples)
        #expect(throws: PictureError.tooLarge("more than 100 scans")) {
            try PictureCodec.decode(repeated(200))
        }
    }

    // MARK: Helpers

    private func decodes(_ bytes: [UInt8]) -> Bool {
        do throws(PictureError) {
            let picture = try PictureCodec.decode(bytes, limits: Self.limits)
            #expect(picture.samples.count == picture.width * picture.height * picture.layout.channelCount)
            return true
        } catch {
            #expect(!error.description.isEmpty)
            return false
        }
    }

    /// Walks the chunks and makes every CRC right, so that damage reaches the code behind it.
    private func withRightChecksums(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var position = 8
        while position + 12 <= bytes.count {
            let count = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            guard position + 12 + count <= bytes.count else { break }
            var crc = UInt32.max
            for byte in bytes[position + 4..<position + 8 + count] {
                crc ^= UInt32(byte)
                for _ in 0..<8 {
                    crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1
                }
            }
            for index in 0..<4 {
                bytes[position + 8 + count + index] = UInt8(
                    truncatingIfNeeded: ~crc >> UInt32(24 - 8 * index))
            }
            position += 12 + count
        }
        return bytes
    }
}
