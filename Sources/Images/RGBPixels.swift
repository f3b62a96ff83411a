/// A picture as training and drawing use it: 8-bit red, green and blue, interleaved, in rows from the top.
package struct RGBPixels: Sendable, Equatable {
    package let width: Int
    package let height: Int
    /// (height, width, 3), contiguous.
    package var samples: [UInt8]

    /// Creates a picture. Traps unless `samples` holds `height * width * 3` values.
    package init(width: Int, height: Int, samples: [UInt8]) {
        precondition(
            width > 0 && height > 0 && samples.count == width * height * 3,
            "RGBPixels: \(samples.count) samples for \(width)×\(height)")
        self.width = width
        self.height = height
        self.samples = samples
    }

    /// Converts a picture: grey becomes three equal channels, alpha is omitted, and 16 bits are rounded to 8.
    package init(_ picture: Picture) {
        let eightBit: [UInt8] =
            switch picture.samples {
            case .eightBit(let samples): samples
            case .sixteenBit(let samples): samples.map { UInt8((UInt32($0) + 128) / 257) }
            }
        let stride = picture.layout.channelCount
        let isGrey = picture.layout.colourCount == 1
        guard stride != 3 else {
            self.init(width: picture.width, height: picture.height, samples: eightBit)
            return
        }
        var samples: [UInt8] = []
        samples.reserveCapacity(picture.width * picture.height * 3)
        for pixel in 0..<picture.width * picture.height {
            for channel in 0..<3 {
                samples.append(eightBit[pixel * stride + (isGrey ? 0 : channel)])
            }
        }
        self.init(width: picture.width, height: picture.height, samples: samples)
    }

    /// The same pixels as a picture, to encode or measure.
    package var picture: Picture {
        Picture(width: width, height: height, layout: .rgb, samples: .eightBit(samples))
    }

    /// Returns a rectangle of the picture, mirrored on request. Traps if it exceeds the picture.
    package func cut(
        x: Int, y: Int, width newWidth: Int, height newHeight: Int, mirrorsX: Bool = false,
        mirrorsY: Bool = false
    ) -> RGBPixels {
        precondition(
            x >= 0 && y >= 0 && newWidth > 0 && newHeight > 0 && x + newWidth <= width
                && y + newHeight <= height,
            "RGBPixels: \(newWidth)×\(newHeight) at (\(x), \(y)) of \(width)×\(height)")
        if newWidth == width, newHeight == height, !mirrorsX, !mirrorsY { return self }
        var cut: [UInt8] = []
        cut.reserveCapacity(newWidth * newHeight * 3)
        for row in 0..<newHeight {
            let start = ((y + (mirrorsY ? newHeight - 1 - row : row)) * width + x) * 3
            if mirrorsX {
                for column in 0..<newWidth {
                    let pixel = start + (newWidth - 1 - column) * 3
                    cut.append(samples[pixel])
                    cut.append(samples[pixel + 1])
                    cut.append(samples[pixel + 2])
                }
            } else {
                cut.append(contentsOf: samples[start..<start + newWidth * 3])
            }
        }
        return RGBPixels(width: newWidth, height: newHeight, samples: cut)
    }
}
