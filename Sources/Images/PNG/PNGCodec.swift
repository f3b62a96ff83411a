import CImageCodecs

/// Reads and writes PNG files.
enum PNGCodec {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads the signature and IHDR, whose places are fixed. libpng would continue to the pixels, past chunks of any
    /// size.
    static func readHeader(_ bytes: [UInt8]) throws(PictureError) -> PictureHeader {
        // The header consists of signature, length 13, "IHDR", width, height, five more bytes, CRC.
        guard bytes.count >= 33 else {
            throw .truncated("\(bytes.count) bytes end before the size of the picture")
        }
        guard bytes[8..<16].elementsEqual([0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]) else {
            throw .damaged("the first chunk is not IHDR")
        }
        let header = PictureHeader(
            format: .png, width: bigEndian(bytes[16..<20]), height: bigEndian(bytes[20..<24]))
        guard header.width > 0, header.height > 0, max(header.width, header.height) < 1 << 31 else {
            throw .damaged("a size of \(header.width)×\(header.height) in IHDR")
        }
        return header
    }

    static func decode(_ bytes: [UInt8]) throws(PictureError) -> Picture {
        try bytes.lend { (input) throws(PictureError) -> Picture in
            let reader = try PNGReader(input)
            let shape = try reader.start()
            let samples = try reader.readSamples(shape)
            var picture = Picture(
                width: Int(shape.width), height: Int(shape.height), layout: shape.layout, samples: samples,
                format: .png, warnings: reader.warnings)
            // The chunks are copied one at a time, because most are not kept.
            for index in 0..<reader.chunkCount {
                let (type, bytes) = reader.chunk(index)
                try keep(chunk: type, bytes, in: &picture)
            }
            picture.applyExifOrientation()
            return picture
        }
    }

    static func encode(_ picture: Picture) throws(PictureError) -> [UInt8] {
        guard let width = UInt32(exactly: picture.width), let height = UInt32(exactly: picture.height),
            max(width, height) < 1 << 31
        else {
            throw .cannotEncode("\(picture.width)×\(picture.height) exceeds what PNG holds")
        }
        let depth: Int32 =
            switch picture.samples {
            case .eightBit: 8
            case .sixteenBit: 16
            }
        let writer = try PNGWriter(
            codec_shape(
                width: width, height: height, channels: Int32(picture.layout.channelCount), bit_depth: depth))
        try writer.start()
        if let profile = picture.iccProfile, !profile.isEmpty {
            try writer.write(profile: profile)
        }
        for chunk in picture.colourChunks where colourChunkByteCounts[chunk.type] == chunk.bytes.count {
            try writer.write(chunk: chunk.type, chunk.bytes)
        }
        if let density = picture.density {
            try writer.write(chunk: "pHYs", density.physicalChunk)
        }
        if let exif = picture.exif, !exif.isEmpty {
            try writer.write(chunk: "eXIf", exif)
        }
        if let xmp = picture.xmp, !xmp.isEmpty {
            try writer.write(chunk: "iTXt", XMPText.holding(xmp))
        }
        return try writer.finish(picture.samples)
    }

    // MARK: Chunks

    /// The colour chunks and their only valid sizes in bytes.
    private static let colourChunkByteCounts = [
        "gAMA": 4, "cHRM": 32, "sRGB": 1, "cICP": 4, "mDCV": 24, "cLLI": 8,
    ]

    /// Applies a chunk to the picture. Only the first of a kind counts.
    private static func keep(
        chunk type: String, _ bytes: [UInt8], in picture: inout Picture
    ) throws(PictureError) {
        switch type {
        case "iCCP" where picture.iccProfile == nil:
            picture.iccProfile = try inflateProfile(bytes, limit: PictureCodec.maximumProfileByteCount)
            if picture.iccProfile == nil {
                picture.warnings.append("the ICC profile is left out: its chunk is damaged or too large")
            }
        case "eXIf" where picture.exif == nil:
            picture.exif = ExifBlock.withoutPrefix(bytes)
        case "iTXt" where picture.xmp == nil:
            picture.xmp = XMPText.packet(in: bytes)
        case "pHYs" where picture.density == nil:
            picture.density = PixelDensity(physicalChunk: bytes)
        default:
            guard let byteCount = colourChunkByteCounts[type], byteCount == bytes.count,
                !picture.colourChunks.contains(where: { $0.type == type })
            else { return }
            picture.colourChunks.append(ColourChunk(type: type, bytes: bytes))
        }
    }

    static func bigEndian(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
