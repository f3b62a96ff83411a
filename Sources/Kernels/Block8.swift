internal import CLanes

/// Eight rows of eight floats.
struct Block8 {
    private var rows = InlineArray<8, Vector8>(repeating: .zero)

    @inline(__always)
    subscript(row: Int) -> Vector8 {
        get { rows[row] }
        set { rows[row] = newValue }
    }

    /// Exchanges rows and columns.
    @inline(__always)
    mutating func transpose() {
        withUnsafeMutableBytes(of: &rows) { bytes in
            guard let block = bytes.assumingMemoryBound(to: Float.self).baseAddress else { return }
            lanes_transpose_eight(block)
        }
    }
}
