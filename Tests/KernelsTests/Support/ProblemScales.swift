import Products
import Tensors

/// What the sums of a problem in int8 are scaled by; ones in the other precisions.
struct ProblemScales {
    let rows: GuardedMemory
    let columns: GuardedMemory

    /// - Parameter offset: column → what is taken off its sums.
    init(rows: Int, columns: Int, precision: Precision, offset: (Int) -> Float) throws {
        func values(_ name: String, _ count: Int) -> [Float] {
            precision == .int8 ? Values.uniform(name, count) : Array(repeating: 1, count: count)
        }
        self.rows = try GuardedMemory(values("row scales", rows))
        self.columns = try GuardedMemory(count: columns / FeatureMap.lane * ProductScales.panelStride)
        for (column, scale) in values("column scales", columns).enumerated() {
            self.columns.base[Self.place(column)] = scale
            self.columns.base[Self.place(column) + FeatureMap.lane] = precision == .int8 ? offset(column) : 0
        }
    }

    private static func place(_ column: Int) -> Int {
        column / FeatureMap.lane * ProductScales.panelStride + column % FeatureMap.lane
    }

    var operands: ProductScales { ProductScales(rows: rows.constant, columns: columns.constant) }

    subscript(row: Int, column: Int) -> Double {
        Double(rows.base[row]) * Double(columns.base[Self.place(column)])
    }
}
