import Files

/// A window into a region. Reads outside give nil, or trap where the caller has checked already; they never
/// touch other memory.
package struct ByteView: Sendable {
    package let region: ByteRegion
    /// Within the region.
    package let range: Range<Int>

    package var count: Int { range.count }
    var path: Path { region.path }

    init(region: ByteRegion, range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= region.bytes.count, "view outside its region")
        self.region = region
        self.range = range
    }

    /// The byte at an index below `count`.
    subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "byte outside the view")
        return region.bytes[range.lowerBound + index]
    }

    /// `count` bytes from `offset`; nil if they are not all inside.
    func slice(at offset: Int, count length: Int) -> ByteView? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        let start = range.lowerBound + offset
        return ByteView(region: region, range: start..<start + length)
    }

    /// A little-endian number; nil if it is not all inside. Alignment does not matter.
    func integer<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number?
    {
        guard offset >= 0, offset <= count, count - offset >= MemoryLayout<Number>.size else { return nil }
        return Number(
            littleEndian: region.bytes.loadUnaligned(
                fromByteOffset: range.lowerBound + offset, as: Number.self))
    }

    /// The bytes as text; nil if they are outside or not UTF-8.
    func text(at offset: Int, count length: Int) -> String? {
        guard let part = slice(at: offset, count: length) else { return nil }
        return String(validating: part.unsafeBytes, as: UTF8.self)
    }

    /// A copy of the bytes.
    func array() -> [UInt8] { [UInt8](unsafeBytes) }

    func starts(with prefix: [UInt8]) -> Bool {
        count >= prefix.count && unsafeBytes.prefix(prefix.count).elementsEqual(prefix)
    }

    /// The memory itself, for bulk conversion and for zlib; valid as long as `region` is held.
    var unsafeBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: region.bytes[range]) }
}
