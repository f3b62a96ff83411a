/// Builds zip files byte by byte, honest ones and others: each entry can lie in any field.
struct ZipBuilder {
    struct Entry {
        var name: [UInt8]
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        var byteCount: Int?
        var checksum: UInt32 = 0
        var localName: [UInt8]?
        var localByteCount: UInt32?
        var localMethod: UInt16?
        var localChecksum: UInt32?
        var localSignature: UInt32 = 0x0403_4B50
        /// In the directory, in place of the truth.
        var offset: UInt32?
        var compressedByteCount: UInt32?
        var disk: UInt16 = 0

        init(_ name: String, _ data: [UInt8]) {
            self.name = Array(name.utf8)
            self.data = data
            checksum = crc32(data)
        }
    }

    var entries: [Entry] = []
    var entryCount: UInt16?
    var directoryOffset: UInt32?
    var beforeDirectory: [UInt8] = []
    var beforeEnd: [UInt8] = []
    var comment: [UInt8] = []

    func build() -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = UInt32(bytes.count)
            let compressed = UInt32(entry.data.count)
            let size = UInt32(entry.byteCount ?? entry.data.count)
            let localName = entry.localName ?? entry.name
            bytes += little(entry.localSignature) + little(UInt16(20)) + little(entry.flags)
            bytes += little(entry.localMethod ?? entry.method) + little(UInt32(0))
            bytes += little(entry.localChecksum ?? entry.checksum)
            bytes += little(compressed) + little(entry.localByteCount ?? size)
            bytes += little(UInt16(localName.count)) + little(UInt16(0)) + localName + entry.data

            directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + little(UInt16(20))
            directory +=
                little(entry.flags) + little(entry.method) + little(UInt32(0)) + little(entry.checksum)
            directory += little(entry.compressedByteCount ?? compressed) + little(size)
            directory += little(UInt16(entry.name.count)) + little(UInt16(0)) + little(UInt16(0))
            directory += little(entry.disk) + little(UInt16(0)) + little(UInt32(0))
            directory += little(entry.offset ?? offset) + entry.name
        }
        bytes += beforeDirectory
        let count = entryCount ?? UInt16(entries.count)
        let place = directoryOffset ?? UInt32(bytes.count)
        bytes += directory + beforeEnd
        bytes += little(UInt32(0x0605_4B50)) + little(UInt32(0)) + little(count) + little(count)
        bytes += little(UInt32(directory.count)) + little(place) + little(UInt16(comment.count)) + comment
        return bytes
    }
}

/// The bytes of a number, least significant first.
func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}

/// CRC-32 bit by bit, to compare with zlib's.
func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 {
            let isOdd = crc & 1 == 1
            crc >>= 1
            if isOdd { crc ^= 0xEDB8_8320 }
        }
    }
    return ~crc
}
