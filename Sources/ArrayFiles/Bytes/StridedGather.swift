/// Copies a strided view into contiguous memory.
enum StridedGather {
    /// Returns the elements of `source` at offsets Σ index·stride, in row-major order of `shape`, each as its
    /// bits. The strides are ≥ 0, in elements. The caller must have checked that the farthest element lies
    /// inside `source`.
    static func gather<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ source: ByteView, as type: Bits.Type, shape: [Int], strides: [Int]
    ) -> [Bits] {
        let count = shape.reduce(1, *)
        guard count > 0 else { return [] }
        guard let innerCount = shape.last, let innerStride = strides.last else {
            return [element(source, 0)]
        }
        var result: [Bits] = []
        result.reserveCapacity(count)
        // The indices of all dimensions but the last count like an odometer.
        var index = [Int](repeating: 0, count: shape.count - 1)
        var start = 0
        while true {
            for i in 0..<innerCount { result.append(element(source, start + i * innerStride)) }
            var axis = index.count - 1
            while axis >= 0 {
                index[axis] += 1
                start += strides[axis]
                if index[axis] < shape[axis] { break }
                start -= index[axis] * strides[axis]
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return result }
        }
    }

    @inline(__always)
    private static func element<Bits: FixedWidthInteger & BitwiseCopyable>(_ source: ByteView, _ index: Int)
        -> Bits
    {
        guard let bits = source.integer(Bits.self, at: index * MemoryLayout<Bits>.size) else {
            preconditionFailure("strided view outside its storage")
        }
        return bits
    }

    /// Whether the strides are those of a row-major array. Strides of dimensions with one element are
    /// ignored.
    static func isContiguous(shape: [Int], strides: [Int]) -> Bool {
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            if stride != expected { return false }
            expected *= extent
        }
        return true
    }
}
