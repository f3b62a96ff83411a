import Files
import Images

/// A picture's file cannot be read, for a reason.
struct UnreadablePicture: Error {
    let reason: String
    /// The disk's error, after which the picture may be intact; otherwise nil.
    let fault: FileError?
}

/// A picture's file for the bundle, of which only the head has been read.
struct BundledPicture {
    private let file: Descriptor
    private let head: PictureHead

    /// - Throws: `UnreadablePicture`.
    init(_ name: Path, below folder: Path, limits: PictureLimits) throws {
        (file, head) = try Self.readable {
            let files = FileSystem()
            let (file, fileByteCount) = try WholeFiles.openRegularFile(name, below: folder)
            let head = try PictureHeadReader.head(fileByteCount: fileByteCount) { offset, byteCount in
                try files.read(file, at: offset, byteCount: byteCount)
            }
            try limits.check(head)
            return (file, head)
        }
    }

    /// What reading it takes: decoding, or the samples beside the planes.
    var byteCount: Int { head.decodingByteCount + 3 * head.pixelCount }

    /// - Throws: `UnreadablePicture`.
    func planes() throws -> PredictionPlanes {
        try Self.readable {
            let bytes = try FileSystem().read(file, at: 0, byteCount: head.fileByteCount)
            return PredictionPlanes(try PictureCodec.decode(bytes, as: head))
        }
    }

    var tooLarge: UnreadablePicture {
        UnreadablePicture(
            reason: "it takes \(byteCount >> 20) MB of memory, more than the budget (memory-limit)",
            fault: nil)
    }

    private static func readable<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            let fault = (error as? FileError).flatMap { $0.isEnvironmental ? $0 : nil }
            throw UnreadablePicture(reason: String(describing: error), fault: fault)
        }
    }
}

/// A picture's colours as the bundle stores them: (3, H, W) uint8, RGB.
package struct PredictionPlanes {
    let height: Int
    let width: Int
    /// The three planes, row-major.
    package let bytes: [UInt8]

    package var shape: [Int] { [3, height, width] }

    package init(_ picture: Picture) {
        height = picture.height
        width = picture.width
        let stride = picture.layout.channelCount
        let isGrey = picture.layout.colourCount == 1
        var planes: [UInt8] = []
        planes.reserveCapacity(3 * height * width)
        for plane in 0..<3 {
            let places = Swift.stride(from: isGrey ? 0 : plane, to: picture.samples.count, by: stride)
            switch picture.samples {
            case .eightBit(let samples):
                planes.append(contentsOf: places.lazy.map { samples[$0] })
            case .sixteenBit(let samples):
                // The value is rounded to the nearest of eight bits, because 65,535 is 255 times 257.
                planes.append(contentsOf: places.lazy.map { UInt8((Int(samples[$0]) + 128) / 257) })
            }
        }
        bytes = planes
    }
}
