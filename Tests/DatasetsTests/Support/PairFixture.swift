import Files
import Foundation
import Images
import TestSupport

/// A folder of small pictures, made as a test needs them.
struct PairFixture {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-pairs")
    }

    func path(_ name: String = "") -> Path { name.isEmpty ? Path(folder.path) : Path(folder.path(name)) }

    /// Writes a picture whose pixels tell its number and their place: red is the column, green the row, blue the number.
    func write(
        _ name: String, number: Int = 0, width: Int = 24, height: Int = 16, format: PictureFormat = .png
    ) throws {
        let pixels = Self.pixels(number: number, width: width, height: height)
        try write(name, bytes: try PictureCodec.encode(pixels.picture, format: format))
    }

    func write(_ name: String, bytes: [UInt8]) throws {
        let url = URL(fileURLWithPath: folder.path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    /// `degraded/NAME` and `clean/NAME` for the numbers from 0 on.
    func writeParallel(_ count: Int, width: Int = 24, height: Int = 16) throws {
        for number in 0..<count {
            try write("degraded/p\(number).png", number: 2 * number, width: width, height: height)
            try write("clean/p\(number).png", number: 2 * number + 1, width: width, height: height)
        }
    }

    static func pixels(number: Int, width: Int, height: Int) -> RGBPixels {
        var samples: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { samples += [UInt8(x % 256), UInt8(y % 256), UInt8(number % 256)] }
        }
        return RGBPixels(width: width, height: height, samples: samples)
    }
}
