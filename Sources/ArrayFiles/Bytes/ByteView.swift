import Files

/// A window into a region. A read outside returns nil, or traps if the caller must have checked; it never
/// touches other memory.
package struct ByteView: Sendable {
    package let region: ByteRegion
    /// The view's place in the region.
    package let range: Range<Int>

    package var count: Int { range.count }
    var path: Path { region.path }

    init(region: ByteRegion, range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= region.bytes.count, "view outside its region")
        self.region = region
        self.range = range
    }

    /// Returns the byte at an index, which must be below `count`.
    subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "byte outside the view")
        return region.bytes[range.lowerBound + index]
    }

    /// Returns `count` bytes from `offset`; nil if they are not all inside.
    func slice(at offset: Int, count length: Int) -> ByteView? {
        guard offset >= 0, length >= 0, offset <= count, length <= count - offset else { return nil }
        let start = range.lowerBound + offset
        return ByteView(region: region, range: start..<start + length)
    }

    /// Returns a little-endian number at any alignment; nil if it is not all inside.
    func integer<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number?
    {
        guard offset >= 0, offset <= count, count - offset >= MemoryLayout<Number>.size else { return nil }
        return Number(
            littleEndian: region.bytes.loadUnaligned(
                fromByteOffset: range.lowerBound + offset, as: Number.self))
    }

    /// Returns the bytes as text; nil if they are outside or not UTF-8.
    func text(at offset: Int, count length: Int) -> String? {
        guard let part = slice(at: offset, count: length) else { return nil }
        return String(validating: part.unsafeBytes, as: UTF8.self)
    }

    /// Returns a copy of the bytes.
    func array() -> [UInt8] { [UInt8](unsafeBytes) }

    func starts(with prefix: [UInt8]) -> Bool {
        count >= prefix.count && unsafeBytes.prefix(prefix.count).elementsEqual(prefix)
    }

    /// The memory itself, for bulk conversion and for zlib; valid while `region` is retained.
    var unsafeBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: region.bytes[range]) }
}
