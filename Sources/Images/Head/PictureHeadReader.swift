/// Finds a picture's size at the head of its file, and asks for no more of the file than that takes.
///
/// A PNG tells its size in the first 33 bytes. A JPEG tells it behind its metadata, whose segments are skipped unread. A
/// pure value around which `head(fileByteCount:part:)` reads.
package struct PictureHeadReader {
    /// All that is ever read of a head. Far more than 4,000 segments of metadata take.
    static let maximumByteCount = 1 << 20
    private static let firstByteCount = 4096
    private static let laterByteCount = 256

    private let fileByteCount: Int
    private var readByteCount = 0
    /// The part at hand, and where it stands in the file.
    private var part: [UInt8] = []
    private var start = 0
    /// Where the next segment of a JPEG begins.
    private var position = 0
    /// Nil until it is found.
    private(set) var head: PictureHead?

    init(fileByteCount: Int) {
        self.fileByteCount = fileByteCount
    }

    /// The part to read next, until there is a head.
    var wanted: (offset: Int, byteCount: Int) {
        (position, position == 0 ? Self.firstByteCount : Self.laterByteCount)
    }

    /// Goes on with the part that was wanted, or as much of it as there is.
    ///
    /// - Throws: `PictureError` where the file is no picture, or ends before its size.
    mutating func take(_ bytes: [UInt8]) throws(PictureError) {
        readByteCount += Self.laterByteCount
        (part, start) = (bytes, position)
        if start == 0 {
            if try PictureCodec.format(of: bytes) == .png {
                head = try Self.png(bytes, fileByteCount: fileByteCount)
                return
            }
            position = 2
        }
        try walk()
        guard head == nil else { return }
        guard position < fileByteCount, !bytes.isEmpty else {
            throw .truncated("the file ends before the size of the picture")
        }
        // Only the last bytes of a file can be too few for a step.
        guard position > start || fileByteCount - position >= 10 else {
            throw .truncated("the file ends before the size of the picture")
        }
        guard readByteCount < Self.maximumByteCount else {
            throw .damaged("no size within \(Self.maximumByteCount) bytes of its head")
        }
    }

    /// Reads a head with `part`, which returns fewer bytes where the file ends.
    ///
    /// - Throws: `PictureError`, and what `part` throws.
    package static func head(
        fileByteCount: Int, part: (_ offset: Int, _ byteCount: Int) throws -> [UInt8]
    ) throws -> PictureHead {
        var reader = PictureHeadReader(fileByteCount: fileByteCount)
        while true {
            if let head = reader.head { return head }
            let wanted = reader.wanted
            try reader.take(part(wanted.offset, wanted.byteCount))
        }
    }

    private static func png(_ bytes: [UInt8], fileByteCount: Int) throws(PictureError) -> PictureHead {
        let header = try PNGCodec.readHeader(bytes)
        let (depth, colourType) = (bytes[24], bytes[25])
        let isGrey = colourType == 0 || colourType == 4
        return PictureHead(
            header: header, fileByteCount: fileByteCount,
            pixelByteCount: (isGrey ? 2 : 4) * (depth == 16 ? 2 : 1))
    }

    // MARK: JPEG

    private func byte(_ offset: Int) -> UInt8? {
        let index = position + offset - start
        return part.indices.contains(index) ? part[index] : nil
    }

    /// Goes from segment to segment as libjpeg does, as far as the part at hand allows.
    private mutating func walk() throws(PictureError) {
        while let first = byte(0), let second = byte(1) {
            switch (first, second) {
            // Padding, and bytes between segments that do not belong there.
            case (0xFF, 0xFF): position += 1
            case (0xFF, 0x00), (0xFF, 0x01), (0xFF, 0xD0...0xD7): position += 2
            case (0xFF, 0xD8...0xDA): throw .damaged("a JPEG without a frame")
            case (0xFF, _):
                guard let high = byte(2), let low = byte(3) else { return }
                let byteCount = Int(high) << 8 | Int(low)
                guard byteCount >= 2 else { throw .damaged("a JPEG segment of \(byteCount) bytes") }
                if Self.isFrame(second) {
                    try readFrame(marker: second)
                    return
                }
                position += 2 + byteCount
            default: position += 1
            }
        }
    }

    private static func isFrame(_ marker: UInt8) -> Bool {
        // Of these, three are tables and an extension.
        0xC0...0xCF ~= marker && ![0xC4, 0xC8, 0xCC].contains(marker)
    }

    private mutating func readFrame(marker: UInt8) throws(PictureError) {
        guard [0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(marker) else {
            throw .unsupported("a JPEG frame of type \(marker - 0xC0)")
        }
        let bytes = (5...9).compactMap { byte($0).map(Int.init) }
        guard bytes.count == 5 else { return }
        let header = PictureHeader(
            format: .jpeg, width: bytes[2] << 8 | bytes[3], height: bytes[0] << 8 | bytes[1])
        guard header.width > 0, header.height > 0 else {
            throw .unsupported("a JPEG frame of \(header.width)×\(header.height)")
        }
        head = PictureHead(
            header: header, fileByteCount: fileByteCount, pixelByteCount: bytes[4] == 1 ? 1 : 3)
    }
}
