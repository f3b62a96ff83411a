extension Reference {
    /// Five Newton–Schulz steps `x ← a x + b x xᵀ x + c x xᵀ x xᵀ x` from `values / ‖values‖` (Jordan et al. 2024).
    ///
    /// - Parameter values: (rows, columns), row-major.
    /// - Returns: (rows, columns), row-major.
    package static func orthogonalised(_ values: [Double], rows: Int, columns: Int) -> [Double] {
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard norm > 0 else { return values }
        var x = values.map { $0 / norm }
        for _ in 0..<5 {
            let t = transposed(x, rows: rows, columns: columns)
            let gram = product(x, t, rows: rows, depth: columns, columns: rows)
            let cubic = product(gram, x, rows: rows, depth: rows, columns: columns)
            let quintic = product(gram, cubic, rows: rows, depth: rows, columns: columns)
            for index in x.indices {
                x[index] = 3.4445 * x[index] - 4.7750 * cubic[index] + 2.0315 * quintic[index]
            }
        }
        return x
    }

    private static func transposed(_ values: [Double], rows: Int, columns: Int) -> [Double] {
        (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
    }
}
