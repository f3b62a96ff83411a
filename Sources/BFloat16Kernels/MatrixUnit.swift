import CMatrixUnit

/// What the matrix unit does in this build.
enum MatrixUnit {
    static let valuesPerWord = 2

    @inline(__always)
    static func multiply(_ block: UnsafePointer<matrix_unit_block>, _ sums: UnsafeMutablePointer<Float>) {
        matrix_unit_multiply_bfloat16(block, sums)
    }

    static func spin(_ stepCount: Int) { matrix_unit_spin_bfloat16(stepCount) }
}
