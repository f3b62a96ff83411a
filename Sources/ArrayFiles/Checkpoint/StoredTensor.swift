/// The place of one tensor's elements, with all bounds checked, so that reading it cannot fail.
struct StoredTensor: Sendable {
    /// The name in the file, including prefixes.
    let name: String
    let shape: [Int]
    let elementType: ElementType
    let elementCount: Int
    /// The bytes from the first element to the end of the last one.
    let bytes: ByteView
    /// The strides in elements; nil if the tensor is row-major.
    let strides: [Int]?

    /// Returns the values, row-major.
    func floats() -> [Float] {
        guard let strides else {
            return FloatConversion.floats(bytes, type: elementType, count: elementCount)
        }
        switch elementType {
        case .float16:
            return StridedGather.gather(bytes, as: UInt16.self, shape: shape, strides: strides)
                .map { FloatConversion.float(half: $0) }
        case .bfloat16:
            return StridedGather.gather(bytes, as: UInt16.self, shape: shape, strides: strides)
                .map { Float(bitPattern: UInt32($0) << 16) }
        case .float32:
            return StridedGather.gather(bytes, as: UInt32.self, shape: shape, strides: strides)
                .map { Float(bitPattern: $0) }
        case .float64:
            return StridedGather.gather(bytes, as: UInt64.self, shape: shape, strides: strides)
                .map { Float(Double(bitPattern: $0)) }
        }
    }
}

/// Multiplies the extents that files declare, with checks for overflow.
enum CheckedShape {
    /// Returns the product of the extents; nil if an extent is negative, the rank exceeds the limit, or the
    /// product of the non-zero extents overflows. The extents can therefore be multiplied in any order
    /// without overflow.
    static func elementCount(_ shape: [Int]) -> Int? {
        guard shape.count <= Limits.rank, shape.allSatisfy({ $0 >= 0 }) else { return nil }
        var count = 1
        for extent in shape where extent > 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            if overflow { return nil }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }
}
