/// An EXIF block: a TIFF header and its directories, read only as far as turning a picture requires.
///
/// Nothing in it is trusted. Every offset is checked, directories are visited once, and unreadable data are left
/// unchanged. Layout: TIFF 6.0 section 2, EXIF 2.32 section 4.6.
struct ExifBlock {
    private(set) var bytes: [UInt8]
    private let isLittleEndian: Bool

    /// The offset of the first directory, which is beyond the end if the header is truncated.
    private var firstDirectory: Int { integer(at: 4, byteCount: 4) ?? bytes.count }

    private enum Tag {
        static let orientation = 0x0112
        static let exifDirectory = 0x8769
        static let pixelXDimension = 0xA002
        static let pixelYDimension = 0xA003
    }

    private enum FieldType {
        static let short = 3
        static let long = 4
    }

    /// Returns nil if the bytes do not begin with a TIFF header.
    init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        switch bytes.prefix(4) {
        case [0x49, 0x49, 0x2A, 0x00]: isLittleEndian = true
        case [0x4D, 0x4D, 0x00, 0x2A]: isLittleEndian = false
        default: return nil
        }
    }

    /// Removes every copy of the prefix "Exif\0\0", which belongs to JPEG. Some programs leave it in PNG or write it
    /// twice in JPEG, and the block would then differ between the formats.
    static func withoutPrefix(_ bytes: [UInt8]) -> [UInt8] {
        let prefix: [UInt8] = [0x45, 0x78, 0x69, 0x66, 0, 0]
        var block = bytes[...]
        while block.starts(with: prefix) { block = block.dropFirst(prefix.count) }
        return Array(block)
    }

    /// The orientation; nil if the tag is absent or has none of the eight values.
    var orientation: ExifOrientation? {
        guard let field = field(Tag.orientation, ofDirectoryAt: firstDirectory) else { return nil }
        return integer(at: field.offset, byteCount: field.byteCount).flatMap(ExifOrientation.init)
    }

    /// Makes the block describe the turned samples: the tag becomes 1, width and height are swapped if the sides are,
    /// and the thumbnail, which is not turned, is unlinked.
    mutating func resetOrientation(from orientation: ExifOrientation) {
        if orientation.exchangesSides {
            exchangeDimensions()
        }
        unlinkThumbnail()
        // This comes last, because the fields of a forged block may overlap.
        if let field = field(Tag.orientation, ofDirectoryAt: firstDirectory) {
            store(ExifOrientation.upright.rawValue, in: field)
        }
    }

    /// Makes the first directory the only one of its chain; the second describes the thumbnail.
    mutating func unlinkThumbnail() {
        if let count = integer(at: firstDirectory, byteCount: 2) {
            store(0, in: Field(offset: firstDirectory + 2 + count * 12, byteCount: 4))
        }
    }

    private mutating func exchangeDimensions() {
        guard let pointer = field(Tag.exifDirectory, ofDirectoryAt: firstDirectory),
            let directory = integer(at: pointer.offset, byteCount: pointer.byteCount),
            let x = field(Tag.pixelXDimension, ofDirectoryAt: directory),
            let y = field(Tag.pixelYDimension, ofDirectoryAt: directory),
            let width = integer(at: x.offset, byteCount: x.byteCount),
            let height = integer(at: y.offset, byteCount: y.byteCount),
            x.byteCount == y.byteCount
        else { return }
        store(height, in: x)
        store(width, in: y)
    }

    // MARK: Fields

    /// The place of a single SHORT or LONG.
    private struct Field {
        let offset: Int
        let byteCount: Int
    }

    private func field(_ tag: Int, ofDirectoryAt directory: Int) -> Field? {
        guard let count = integer(at: directory, byteCount: 2) else { return nil }
        for index in 0..<count {
            let entry = directory + 2 + index * 12
            guard let found = integer(at: entry, byteCount: 2) else { return nil }
            guard found == tag else { continue }
            guard integer(at: entry + 4, byteCount: 4) == 1 else { return nil }
            switch integer(at: entry + 2, byteCount: 2) {
            case FieldType.short: return Field(offset: entry + 8, byteCount: 2)
            case FieldType.long: return Field(offset: entry + 8, byteCount: 4)
            default: return nil
            }
        }
        return nil
    }

    private func integer(at offset: Int, byteCount: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - byteCount else { return nil }
        let field = bytes[offset..<offset + byteCount]
        return isLittleEndian
            ? field.reversed().reduce(0) { $0 << 8 | Int($1) } : field.reduce(0) { $0 << 8 | Int($1) }
    }

    /// Does nothing if the field is not within the block.
    private mutating func store(_ value: Int, in field: Field) {
        guard field.offset <= bytes.count - field.byteCount else { return }
        for index in 0..<field.byteCount {
            let shift = 8 * (isLittleEndian ? index : field.byteCount - 1 - index)
            bytes[field.offset + index] = UInt8(truncatingIfNeeded: value >> shift)
        }
    }
}
