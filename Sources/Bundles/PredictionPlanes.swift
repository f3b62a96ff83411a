import Files
import Images

/// A picture's file that cannot be read, and why.
struct UnreadablePicture: Error {
    let reason: String
    /// Set where the disk refused, and the picture may be whole.
    let fault: FileError?
}

/// A picture's colours as the bundle holds them: (3, H, W) uint8, RGB.
package struct PredictionPlanes {
    let height: Int
    let width: Int
    /// Three planes, row-major.
    package let bytes: [UInt8]

    package var shape: [Int] { [3, height, width] }

    /// - Throws: `UnreadablePicture`.
    init(of name: Path, below folder: Path, limits: PictureLimits) throws {
        do {
            let bytes = try WholeFiles.read(name, below: folder)
            self.init(try PictureCodec.decode(bytes, limits: limits))
        } catch {
            let fault = (error as? FileError).flatMap { $0.isEnvironmental ? $0 : nil }
            throw UnreadablePicture(reason: String(describing: error), fault: fault)
        }
    }

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
                // The nearest of eight bits: 65,535 is 255 times 257.
                planes.append(contentsOf: places.lazy.map { UInt8((Int(samples[$0]) + 128) / 257) })
            }
        }
        bytes = planes
    }
}
