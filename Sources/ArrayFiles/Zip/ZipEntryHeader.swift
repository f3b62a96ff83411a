/// The contents of the two headers of a new entry, with the bytes that Python's zipfile would write.
struct ZipEntryHeader {
    let name: String
    let method: UInt16
    /// The offset of the local header in the archive.
    let offset: Int
    /// Whether the local header has 64-bit sizes.
    var is64 = false
    var checksum: UInt32 = 0
    var byteCount = 0
    var compressedByteCount = 0

    init(name: String, method: UInt16, offset: Int) {
        self.name = name
        self.method = method
        self.offset = offset
    }

    private var flags: UInt16 { name.utf8.allSatisfy { $0 < 0x80 } ? 0 : ZipFormat.utf8Flag }

    /// The header in front of the data.
    var local: [UInt8] {
        var extra: [UInt8] = []
        if is64 {
            extra += ZipFormat.extra64.littleEndianBytes + UInt16(16).littleEndianBytes
            extra += UInt64(byteCount).littleEndianBytes + UInt64(compressedByteCount).littleEndianBytes
        }
        let sizes = [compressedByteCount, byteCount].flatMap {
            UInt32(is64 ? Int(UInt32.max) : $0).littleEndianBytes
        }
        return ZipFormat.localSignature.littleEndianBytes
            + common(version: is64 ? ZipFormat.version64 : ZipFormat.versionDeflate) + sizes
            + UInt16(name.utf8.count).littleEndianBytes + UInt16(extra.count).littleEndianBytes + name.utf8
            + extra
    }

    /// Returns the header for the directory. Only numbers that do not fit into 32 bits go into the Zip64
    /// field.
    func central(threshold: Int) -> [UInt8] {
        var extra: [UInt8] = []
        func field(_ value: Int) -> [UInt8] {
            guard value >= threshold else { return UInt32(value).littleEndianBytes }
            extra += UInt64(value).littleEndianBytes
            return UInt32.max.littleEndianBytes
        }
        // The order of the 64-bit fields is fixed: size, compressed size, offset.
        let size = field(byteCount)
        let compressedSize = field(compressedByteCount)
        let place = field(offset)
        if !extra.isEmpty {
            extra = ZipFormat.extra64.littleEndianBytes + UInt16(extra.count).littleEndianBytes + extra
        }
        let version = is64 || !extra.isEmpty ? ZipFormat.version64 : ZipFormat.versionDeflate
        // The mode is that of a regular file for its owner only, as in Python's zipfile.
        let attributes = UInt32(0o600) << 16
        var bytes = ZipFormat.centralSignature.littleEndianBytes
        bytes += (ZipFormat.unix << 8 | version).littleEndianBytes
        bytes += common(version: version) + compressedSize + size
        bytes += UInt16(name.utf8.count).littleEndianBytes + UInt16(extra.count).littleEndianBytes
        // These fields are the comment, the disk and the internal attributes.
        bytes += [0, 0, 0, 0, 0, 0]
        bytes += attributes.littleEndianBytes + place
        return bytes + name.utf8 + extra
    }

    /// Returns the fields that both headers share, from version to checksum.
    private func common(version: UInt16) -> [UInt8] {
        version.littleEndianBytes + flags.littleEndianBytes + method.littleEndianBytes
            + UInt16(0).littleEndianBytes + ZipFormat.date.littleEndianBytes + checksum.littleEndianBytes
    }
}
