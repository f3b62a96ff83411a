import COpenBLAS

/// Products of matrices that are not packed: once per image and head, too small to matter, too large for loops.
enum SmallProduct {
    /// OpenBLAS on the calling thread alone: its own threads would spin beside ours (a fifth of a second of
    /// processor time in a pass of the published network).
    fileprivate static let isSingleThreaded: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// `out = aᵀ · b`.
    ///
    /// - Parameters:
    ///   - a: (depth, rows), row-major.
    ///   - b: (depth, columns), rows `bStride` floats apart.
    ///   - out: (rows, columns), rows `outStride` floats apart, overwritten. No overlap.
    static func multiplyTransposed(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, bStride: Int, rows: Int, columns: Int,
        depth: Int,
        out: UnsafeMutablePointer<Float>, outStride: Int
    ) {
        // Not a precondition: an unchecked build would not evaluate it.
        guard isSingleThreaded else { return }
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(depth), 1, a,
            blasint(rows), b, blasint(bStride), 0, out, blasint(outStride))
    }
}

extension SmallProduct {
    /// `out = a · b + accumulate · out`, all row-major, rows `stride` floats apart.
    ///
    /// - Parameters:
    ///   - a: (rows, depth), or (depth, rows) where `transposesFirst`.
    ///   - b: (depth, columns), or (columns, depth) where `transposesSecond`.
    static func multiply(
        _ a: UnsafePointer<Float>, stride aStride: Int, transposesFirst: Bool = false,
        _ b: UnsafePointer<Float>, stride bStride: Int, transposesSecond: Bool = false,
        rows: Int, columns: Int, depth: Int, out: UnsafeMutablePointer<Float>, stride outStride: Int,
        accumulates: Bool = false
    ) {
        guard isSingleThreaded else { return }
        cblas_sgemm(
            CblasRowMajor, transposesFirst ? CblasTrans : CblasNoTrans,
            transposesSecond ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(depth), 1,
            a, blasint(aStride), b, blasint(bStride), accumulates ? 1 : 0, out, blasint(outStride))
    }
}
