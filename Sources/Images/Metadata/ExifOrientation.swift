/// How the stored rows and columns relate to the upright picture (tag 0x0112 of TIFF and EXIF).
enum ExifOrientation: Int {
    case upright = 1
    case mirrored
    case rotated180
    /// The picture is mirrored top to bottom.
    case flipped
    /// Rows and columns are exchanged.
    case transposed
    /// The picture must be turned clockwise by 90°.
    case rotated90
    /// Rows and columns are exchanged along the other diagonal.
    case transversed
    /// The picture must be turned anticlockwise by 90°.
    case rotated270

    var exchangesSides: Bool { rawValue >= ExifOrientation.transposed.rawValue }
}

extension Picture {
    /// Makes readers ignore the thumbnail in the EXIF block, because it shows other samples than the picture has now.
    package mutating func unlinkExifThumbnail() {
        guard let bytes = exif, var block = ExifBlock(bytes) else { return }
        block.unlinkThumbnail()
        exif = block.bytes
    }

    /// Turns the samples as the EXIF block requires and resets the block.
    mutating func applyExifOrientation() {
        guard let bytes = exif, var block = ExifBlock(bytes) else { return }
        guard let orientation = block.orientation, orientation != .upright else { return }
        block.resetOrientation(from: orientation)
        exif = block.bytes
        if var packet = xmp {
            XMPPacket.resetOrientation(in: &packet)
            xmp = packet
        }
        if let left = block.orientation, left != .upright {
            // In this forged block the tag cannot be reset, so a reader of the result would turn it again.
            exif = nil
            warnings.append("the EXIF block is left out: its orientation cannot be reset")
        }
        switch samples {
        case .eightBit(let stored):
            samples = .eightBit([])  // gives the only reference away, so that the samples turn in place
            samples = .eightBit(
                oriented(stored, orientation, width: width, height: height, channelCount: layout.channelCount)
            )
        case .sixteenBit(let stored):
            samples = .sixteenBit([])
            samples = .sixteenBit(
                oriented(stored, orientation, width: width, height: height, channelCount: layout.channelCount)
            )
        }
        if orientation.exchangesSides {
            swap(&width, &height)
            if let stored = density {
                density = PixelDensity(x: stored.y, y: stored.x, unit: stored.unit)
            }
        }
    }
}
