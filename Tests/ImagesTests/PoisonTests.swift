import Foundation
import Images
import TestSupport
import Testing

/// Ten thousand damaged pictures through the decoders: an error or a picture each, in bounded time and memory.
struct PoisonTests {
    /// What one picture within these limits takes at most: 64 thousand pixels of four 16-bit samples are half a
    /// megabyte.
    static let limits = PictureLimits(maximumWidth: 1024, maximumHeight: 1024, maximumPixelCount: 1 << 16)

    /// Every colour type, depth, interlacing, sampling and coding that the fixtures have, but for the large ones.
    static let originals: [[UInt8]] = Fixtures.names.compactMap { try? Fixtures.bytes($0) }
        .filter { $0.count <= 4096 }

    /// Each in a process of its own, so that other tests' memory does not count.
    @Test func `ten thousand damaged pictures in bounded memory`() async {
        await #expect(processExitsWith: .success) { try PoisonTests.feedTenThousand() }
    }

    @Test func `bombs are refused by their headers`() async {
        await #expect(processExitsWith: .success) { try PoisonTests.refuseBombs() }
    }

    @Test func `a large picture that ends at once takes no memory for the rows that never come`() async {
        await #expect(processExitsWith: .success) { try PoisonTests.endAtOnce() }
    }

    private static func feedTenThousand() throws {
        var generator = SeededGenerator(seed: 2026)
        var tally = (pictures: 0, errors: 0)
        var slowest = Duration.zero
        let residentBefore = try residentPeak()
        func feed(_ bytes: [UInt8]) {
            var isPicture = false
            let time = ContinuousClock().measure {
                isPicture = (try? PictureCodec.decode(bytes, limits: limits)) != nil
            }
            slowest = max(slowest, time)
            if isPicture { tally.pictures += 1 } else { tally.errors += 1 }
        }
        for original in originals {
            for percent in 0..<100 { feed(Array(original.prefix(original.count * percent / 100))) }
            for round in 0..<60 {
                var damaged = original
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    // Every other round spares the signature and aims at the headers.
                    let end = round % 2 == 0 ? min(160, original.count) : original.count
                    damaged[Int.random(in: 3..<end, using: &generator)] ^=
                        1 << UInt8.random(in: 0..<8, using: &generator)
                }
                feed(damaged)
            }
        }
        feed([])
        let count = tally.pictures + tally.errors
        let grown = try residentPeak() - residentBefore
        print(
            "poison: \(count) damaged pictures, \(tally.pictures) decoded all the same, slowest \(slowest), "
                + "peak memory grew by \(grown) kB")
        #expect(count >= 10_000)
        #expect(tally.errors > count / 2)
        #expect(slowest < .seconds(5))
        #expect(grown < 64 << 10)
    }

    private static func refuseBombs() throws {
        for side in [20_000, 60_000] {
            for bomb in [try pngBomb(side), try jpegBomb(side)] {
                #expect(bomb.count < 4096)
                #expect(try PictureCodec.readHeader(bomb).width == side)
                let residentBefore = try residentPeak()
                let error = #expect(throws: PictureError.self) { try PictureCodec.decode(bomb) }
                guard case .tooLarge(let message) = error else {
                    Issue.record("\(String(describing: error))")
                    continue
                }
                #expect(message.contains("max-pixels"))
                #expect(try residentPeak() - residentBefore < 8 << 10)
            }
        }
    }

    /// Within the limits, but with the rows of a few bytes: memory is touched only as rows arrive.
    private static func endAtOnce() throws {
        for bomb in [try pngBomb(9000), try jpegBomb(9000)] {
            let residentBefore = try residentPeak()
            #expect(throws: PictureError.self) { try PictureCodec.decode(bomb) }
            // A quarter of what the samples would take.
            #expect(try residentPeak() - residentBefore < 9000 * 9000 * 3 / (4 << 10))
        }
    }

    // MARK: Bombs

    /// A fixture whose header is forged and whose pixels are those of a small picture.
    private static func pngBomb(_ side: Int) throws -> [UInt8] {
        var bytes = try Fixtures.bytes("rgb8.png")
        for index in 0..<4 {
            bytes[16 + index] = UInt8(truncatingIfNeeded: side >> (24 - 8 * index))
            bytes[20 + index] = bytes[16 + index]
        }
        let crc = checksum(bytes[12..<29])
        for index in 0..<4 { bytes[29 + index] = UInt8(truncatingIfNeeded: crc >> UInt32(24 - 8 * index)) }
        return bytes
    }

    private static func jpegBomb(_ side: Int) throws -> [UInt8] {
        var bytes = try Fixtures.bytes("baseline-2x2.jpg")
        let frame = try #require(
            bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        for offset in [5, 7] {
            bytes[frame + offset] = UInt8(side >> 8)
            bytes[frame + offset + 1] = UInt8(side & 0xFF)
        }
        return bytes
    }

    /// PNG's CRC-32.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
    }

    /// The most that this process ever had in memory, in kB.
    private static func residentPeak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber)))
    }
}
