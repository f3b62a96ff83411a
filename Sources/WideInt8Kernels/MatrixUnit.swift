import CMatrixUnit

/// What the matrix unit does in this build.
enum MatrixUnit {
    static let valuesPerWord = Operands.perWord

    @inline(__always)
    static func multiply(_ block: UnsafePointer<matrix_unit_block>, _ sums: UnsafeMutablePointer<Float>) {
        matrix_unit_multiply_int8(block, sums)
    }

    static func spin(_ stepCount: Int) { matrix_unit_spin_int8(stepCount) }
}
