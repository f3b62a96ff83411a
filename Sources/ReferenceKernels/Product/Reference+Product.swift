extension Reference {
    /// `out[r][c] = Σ_k a[r][k] · b[k][c]`.
    ///
    /// - Parameters:
    ///   - a: (rows, depth), row-major.
    ///   - b: (depth, columns), row-major.
    /// - Returns: (rows, columns), row-major.
    package static func product(
        _ a: [Double], _ b: [Double], rows: Int, depth: Int, columns: Int
    ) -> [Double] {
        var out = [Double](repeating: 0, count: rows * columns)
        for row in 0..<rows {
            for column in 0..<columns {
                var sum = 0.0
                for k in 0..<depth { sum += a[row * depth + k] * b[k * columns + column] }
                out[row * columns + column] = sum
            }
        }
        return out
    }
}
