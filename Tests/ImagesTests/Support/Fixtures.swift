import Foundation
import Images
import TestSupport
import Testing

/// The pictures that make_fixtures.py has made, and what other programs see in them.
enum Fixtures {
    static let folder = SharedFolder.packageRoot.appendingPathComponent("Tests/ImagesTests/Fixtures")

    struct Expectation: Decodable {
        let width: Int
        let height: Int
        let layout: String
        let bits: Int
        let fnv: String
        let profile: String?
        let exif: String?
    }

    struct Metric: Decodable {
        let first: String
        let second: String
        let psnr: Double
        let lumaPSNR: Double
        let ssim: Double?
        let lumaSSIM: Double?
    }

    static let expectations: [String: Expectation] = json("expected.json") ?? [:]
    static let metrics: [Metric] = json("metrics.json") ?? []
    static let names = expectations.keys.sorted()

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func picture(_ name: String) throws -> Picture {
        try PictureCodec.decode(try bytes(name))
    }

    private static func json<Value: Decodable>(_ name: String) -> Value? {
        (try? bytes(name)).flatMap { try? JSONDecoder().decode(Value.self, from: Data($0)) }
    }
}

/// FNV-1a with 64 bits, in hexadecimal.
func fnv(_ bytes: some Sequence<UInt8>) -> String {
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

extension PixelSamples {
    var bits: Int {
        switch self {
        case .eightBit: 8
        case .sixteenBit: 16
        }
    }

    /// 16 bits with the low byte first.
    var littleEndianBytes: [UInt8] {
        switch self {
        case .eightBit(let samples): samples
        case .sixteenBit(let samples):
            samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        }
    }
}

/// A gradient with noise, of any size, layout and depth.
func scene(_ width: Int, _ height: Int, _ layout: PixelLayout, bits: Int = 8, seed: UInt64 = 1) -> Picture {
    var generator = SeededGenerator(seed: seed)
    let count = width * height * layout.channelCount
    let values = (0..<count).map { index in
        let gradient = Double(index % (width * layout.channelCount)) / Double(width * layout.channelCount)
        return 0.8 * gradient + 0.2 * Double.random(in: 0..<1, using: &generator)
    }
    return Picture(
        width: width, height: height, layout: layout,
        samples: bits == 8
            ? .eightBit(values.map { UInt8($0 * 255) }) : .sixteenBit(values.map { UInt16($0 * 65_535) }))
}
