import Foundation
import Images
import TestSupport
import Testing

/// The size of a picture from the head of its file.
@Suite struct PictureHeadTests {
    /// The head, and how many bytes were read for it.
    private static func head(_ bytes: [UInt8]) throws -> (head: PictureHead, readByteCount: Int) {
        var readByteCount = 0
        let head = try PictureHeadReader.head(fileByteCount: bytes.count) { offset, byteCount in
            let part = Array(bytes[offset..<min(offset + byteCount, bytes.count)])
            readByteCount += part.count
            return part
        }
        return (head, readByteCount)
    }

    @Test(arguments: Fixtures.names)
    func itSaysWhatTheDecoderSays(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        let (head, readByteCount) = try Self.head(bytes)
        #expect(head.header == (try PictureCodec.readHeader(bytes)))
        #expect(head.fileByteCount == bytes.count && readByteCount <= 8192)
        guard let picture = try? PictureCodec.decode(bytes) else { return }
        #expect(picture.samples.count * picture.samples.bits / 8 <= head.sampleByteCount)
        #expect(try PictureCodec.decode(bytes, as: head) == picture)
    }

    @Test func anotherContentThanItsHeadIsRefused() throws {
        let bytes = try Fixtures.bytes("rgb8.png")
        let other = try Self.head(Fixtures.bytes("rgb.jpg")).head
        #expect(throws: PictureError.damaged("its head and its content do not agree")) {
            try PictureCodec.decode(bytes, as: other)
        }
        // A file that grew after it was measured.
        #expect(throws: PictureError.self) {
            try PictureCodec.decode(bytes + [0], as: Self.head(bytes).head)
        }
    }

    /// Segments before the frame, as cameras write megabytes of them, are not read.
    @Test func metadataAreSkippedUnread() throws {
        let bytes = try Fixtures.bytes("baseline-2x2.jpg")
        let segment: [UInt8] = [0xFF, 0xE1, 0xFF, 0xFF] + [UInt8](repeating: 0xFF, count: 65_533)
        let long = bytes[..<2] + (0..<200).flatMap { _ in segment } + bytes[2...]
        let (head, readByteCount) = try Self.head(Array(long))
        #expect(head.header == (try PictureCodec.readHeader(bytes)))
        #expect(readByteCount < 64 << 10)
    }

    @Test(arguments: [UInt8(0), 0x41, 0xFF])
    func whatNeverComesToAFrameIsGivenUpEarly(filler: UInt8) throws {
        let bytes = [0xFF, 0xD8, 0xFF, 0xE0, 0, 2] + [UInt8](repeating: filler, count: 3 << 20)
        var readByteCount = 0
        #expect(throws: PictureError.self) {
            try PictureHeadReader.head(fileByteCount: bytes.count) { offset, byteCount in
                readByteCount += byteCount
                return Array(bytes[offset..<min(offset + byteCount, bytes.count)])
            }
        }
        #expect(readByteCount <= 1 << 20 + 4096)
    }

    /// A sparse file of any size: nothing behind its first bytes is looked at.
    @Test func noPictureIsKnownByItsFirstBytes() throws {
        var parts = 0
        #expect(throws: PictureError.unknownFormat(found: "00 00 00 00 00 00 00 00")) {
            try PictureHeadReader.head(fileByteCount: 1 << 50) { _, byteCount in
                parts += 1
                return [UInt8](repeating: 0, count: byteCount)
            }
        }
        #expect(parts == 1)
    }

    @Test(arguments: ["rgb8.png", "baseline-2x2.jpg", "progressive-2x1.jpg", "metadata.jpg"])
    func everyCutIsTruncatedOrAHead(name: String) throws {
        let bytes = try Fixtures.bytes(name)
        for count in 0..<min(bytes.count, 2000) {
            do {
                let head = try Self.head(Array(bytes.prefix(count))).head
                #expect(head.header == (try PictureCodec.readHeader(bytes)))
            } catch PictureError.truncated {
            } catch {
                Issue.record("\(count) bytes: \(error)")
            }
        }
    }

    @Test func damageNeverTraps() throws {
        var generator = SeededGenerator(seed: 23)
        for name in Fixtures.names {
            let bytes = try Fixtures.bytes(name)
            for _ in 0..<200 {
                var damaged = bytes
                for _ in 0..<4 {
                    damaged[Int.random(in: 2..<min(400, bytes.count), using: &generator)] = .random(
                        in: 0...255, using: &generator)
                }
                _ = try? Self.head(damaged)
            }
        }
    }

    @Test func theMemoryGrowsWithFileAndPixels() throws {
        func head(_ format: PictureFormat, _ width: Int, _ height: Int, _ fileByteCount: Int) -> PictureHead {
            PictureHead(
                header: PictureHeader(format: format, width: width, height: height),
                fileByteCount: fileByteCount, pixelByteCount: 3)
        }
        let rows = 256 * 128
        #expect(head(.png, 100, 100, 0).decodingByteCount == 60_000 + rows)
        #expect(head(.png, 100, 100, 0).decodedByteCount == 30_000)
        #expect(head(.png, 100, 100, 0).encodingByteCount == 60_000 + 150_000 + rows)
        // A progressive JPEG keeps two bytes of each of up to four components, in whole units.
        #expect(head(.jpeg, 128, 64, 0).decodingByteCount == 128 * 64 * 11 + rows)
        #expect(head(.jpeg, 1, 65_500, 0).decodingByteCount > 8 * 32 * 65_500)
        // A profile of megabytes may come out of a few kilobytes, and the file is more than once in memory.
        #expect(head(.png, 1, 1, 8 << 10).decodingByteCount > 12 << 20)
        #expect(head(.png, 1, 1, 8 << 10).encodingByteCount > 12 << 20)
        #expect(head(.jpeg, 1, 1, 8 << 10).decodingByteCount < 1 << 20)
        #expect(head(.jpeg, 1, 1, 50 << 20).decodingByteCount > 200 << 20)
        #expect(head(.png, 1, 1, .max).decodingByteCount > 1 << 50)
    }

    @Test func aFileBeyondTheLimitIsRefused() throws {
        let head = try Self.head(Fixtures.bytes("rgb8.png")).head
        var limits = PictureLimits()
        try limits.check(head)
        limits.maximumFileByteCount = head.fileByteCount - 1
        let error = #expect(throws: PictureError.self) { try limits.check(head) }
        #expect(error.map(String.init(describing:))?.contains("max-file-size") == true)
    }
}
