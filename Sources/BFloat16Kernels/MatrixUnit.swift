import CMatrixUnit
import Products

/// What the matrix unit does in this build.
enum MatrixUnit {
    static let valuesPerWord = 2

    /// The fewest words of depth for which it is used.
    static var fewestWords: Int { 8 }
    /// Whether its sums are floats, to which it adds floats itself.
    static var addsFloats: Bool { true }

    @inline(__always)
    static func multiply(_ block: UnsafePointer<matrix_unit_block>) { matrix_unit_multiply_bfloat16(block) }

    /// Computes a product that `MatrixUnitProduct` does not take: on the unit too if its rows are a panel's columns, as in
    /// q kᵀ.
    static func multiplyOther(_ operands: ProductOperands) {
        let readsColumns =
            operands.rows == 16 && operands.rowStride == 1 && operands.stepStride == 16
            && operands.segmentCount == 1 && operands.targetForm == .floats
        if readsColumns {
            MatrixUnitProduct.multiplyColumns(operands)
        } else {
            PanelProduct.multiply(operands)
        }
    }

    static func spin(_ stepCount: Int) { matrix_unit_spin_bfloat16(stepCount) }
}
