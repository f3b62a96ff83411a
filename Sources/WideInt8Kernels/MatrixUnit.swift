import CMatrixUnit
import Products

/// What the matrix unit does in this build.
enum MatrixUnit {
    static let valuesPerWord = Operands.perWord

    /// The fewest words of depth for which it is used.
    static var fewestWords: Int { 12 }
    /// Whether its sums are floats, to which it adds floats itself.
    static var addsFloats: Bool { false }

    @inline(__always)
    static func multiply(_ block: UnsafePointer<matrix_unit_block>) { matrix_unit_multiply_int8(block) }

    /// Computes a product that `MatrixUnitProduct` does not take.
    static func multiplyOther(_ operands: ProductOperands) { PanelProduct.multiply(operands) }

    static func spin(_ stepCount: Int) { matrix_unit_spin_int8(stepCount) }
}
