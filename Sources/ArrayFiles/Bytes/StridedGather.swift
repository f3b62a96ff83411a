/// A strided view made contiguous.
enum StridedGather {
    /// Elements of `source` at offset 0 + Σ index·stride, in row-major order of `shape`, each as its bits.
    /// The caller has checked that the farthest element lies inside `source`; strides are ≥ 0, in elements.
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
        // An odometer over all dimensions but the last.
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

    /// Whether the strides are those of a row-major array; strides of dimensions of one element mean nothing.
    static func isContiguous(shape: [Int], strides: [Int]) -> Bool {
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            if stride != expected { return false }
            expected *= extent
        }
        return true
    }
}
