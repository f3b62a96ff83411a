/// Where the elements of one tensor lie, all bounds checked: reading it cannot fail.
struct StoredTensor: Sendable {
    /// As the file has it, prefixes and all.
    let name: String
    let shape: [Int]
    let elementType: ElementType
    let elementCount: Int
    /// From the first element to the end of the last one.
    let bytes: ByteView
    /// In elements; nil if row-major.
    let strides: [Int]?

    /// The values, row-major.
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

/// Overflow-checked products of what files declare.
enum CheckedShape {
    /// The product of the extents; nil if an extent is negative, the rank is beyond the limit, or the product overflows,
    /// zeros left aside: so nobody who multiplies the extents, in whatever order, can overflow.
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
