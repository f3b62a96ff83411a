/// Converts stored numbers to and from float32, whole arrays in loops that vectorise. Conversions are exact
/// if the format allows.
enum FloatConversion {
    /// Returns the first `count` elements of `source`, contiguous, little-endian. float64 is rounded to
    /// nearest.
    static func floats(_ source: ByteView, type: ElementType, count: Int) -> [Float] {
        precondition(source.count >= count * type.byteCount, "fewer bytes than elements")
        let bytes = source.unsafeBytes
        return [Float](unsafeUninitializedCapacity: count) { output, initialized in
            switch type {
            case .float32:
                UnsafeMutableRawBufferPointer(output).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: bytes[..<(count * 4)]))
            case .float64: convert(bytes, output) { Float($0 as Double) }
            case .bfloat16: convert(bytes, output) { Float(bitPattern: UInt32($0 as UInt16) &<< 16) }
            case .float16: convert(bytes, output) { float(half: $0) }
            }
            initialized = count
        }
    }

    /// Fills `output` with converted elements of `source`, which must have enough of them. The loop uses
    /// plain pointers and wrapping arithmetic, because it does not vectorise with checks, which the caller
    /// has already made.
    @inline(__always)
    private static func convert<Stored: BitwiseCopyable>(
        _ source: UnsafeRawBufferPointer, _ output: UnsafeMutableBufferPointer<Float>,
        _ convert: (Stored) -> Float
    ) {
        guard let input = source.baseAddress, let result = output.baseAddress else { return }
        let size = MemoryLayout<Stored>.size
        for i in 0..<output.count {
            result[i] = convert(input.loadUnaligned(fromByteOffset: i &* size, as: Stored.self))
        }
    }

    /// Returns the first `count` float64 elements of `source`, contiguous, little-endian.
    static func doubles(_ source: ByteView, count: Int) -> [Double] {
        precondition(source.count >= count * 8, "fewer bytes than elements")
        let bytes = UnsafeRawBufferPointer(rebasing: source.unsafeBytes[..<(count * 8)])
        return [Double](unsafeUninitializedCapacity: count) { output, initialized in
            UnsafeMutableRawBufferPointer(output).copyMemory(from: bytes)
            initialized = count
        }
    }

    /// Converts a half exactly, including subnormals and NaN payloads.
    ///
    /// `Float(Float16(bitPattern:))` would be a library call for each element, because this target does not
    /// assume the F16C instructions. Instead, the bits are moved into place, and multiplication by 2^112
    /// corrects the exponent's bias, which is exact for subnormals, too.
    @inline(__always)
    static func float(half bits: UInt16) -> Float {
        let magnitude = Int32(bits & 0x7FFF) &<< 13
        let scaled = Float(bitPattern: UInt32(bitPattern: magnitude)) * 0x1p112
        // Infinity and NaN have the highest exponent in either format.
        let exponent: UInt32 = magnitude >= 0x0F80_0000 ? 0x7F80_0000 : 0
        return Float(bitPattern: scaled.bitPattern | exponent | UInt32(bits & 0x8000) &<< 16)
    }

    /// Rounds to nearest, ties to even; NaN stays NaN.
    static func bfloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        if value.isNaN { return UInt16(bits >> 16) | 0x40 }
        return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }

    /// Returns the values as stored bytes, little-endian, rounded to nearest.
    static func bytes(_ values: [Float], as type: ElementType) -> [UInt8] {
        switch type {
        case .float32: raw(values)
        case .float64: raw(values.map { Double($0) })
        case .float16: raw(values.map { Float16($0).bitPattern })
        case .bfloat16: raw(values.map { bfloat16($0) })
        }
    }

    private static func raw<Number: BitwiseCopyable>(_ values: [Number]) -> [UInt8] {
        values.withUnsafeBytes { [UInt8]($0) }
    }
}

/// The stored formats are little-endian, and so is every processor that this is built for.
#if _endian(big)
    #error("ArrayFiles reads little-endian files by copying memory: a big-endian machine needs swaps here")
#endif
