import CMatrixUnit
import Products

/// What the matrix unit does in this build.
enum MatrixUnit {
    static let valuesPerWord = Operands.perWord

    @inline(__always)
    static func multiply(_ block: UnsafePointer<matrix_unit_block>, _ sums: UnsafeMutablePointer<Float>) {
        matrix_unit_multiply_int8(block, sums)
    }

    /// Computes a product that `MatrixUnitProduct` does not take.
    static func multiplyOther(_ operands: ProductOperands) { PanelProduct.multiply(operands) }

    static func spin(_ stepCount: Int) { matrix_unit_spin_int8(stepCount) }
}
