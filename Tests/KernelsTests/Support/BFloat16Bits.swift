import ReferenceKernels
import Tensors

/// Words of two bfloat16, made and read by the twin's rounding.
enum BFloat16Bits {
    static func bits(_ value: Float) -> UInt32 {
        Float(Reference.bfloat16(Double(value))).bitPattern >> 16
    }

    static func word(_ low: Float, _ high: Float) -> Float {
        Float(bitPattern: bits(low) | bits(high) << 16)
    }

    static func low(_ word: Float) -> Float { Float(bitPattern: word.bitPattern << 16) }
    static func high(_ word: Float) -> Float { Float(bitPattern: word.bitPattern & 0xFFFF_0000) }

    /// What a map of this precision holds of the values.
    static func stored(_ values: [Float], in precision: Precision) -> [Float] {
        precision == .float32 ? values : values.map { Float(Reference.bfloat16(Double($0))) }
    }

    /// What rounding values of these sizes to a precision changes at most.
    static func tolerances(_ values: [Double], in precision: Precision) -> [Double] {
        values.map { precision == .float32 ? 0 : tolerance($0) }
    }

    /// What rounding a value of this size to bfloat16 changes at most: 2^-8 of it, and 1 % more because the value that
    /// is rounded has an error of its own.
    static func tolerance(_ value: Double) -> Double { abs(value) * 0x1p-8 * 1.01 + 0x1p-126 }
}
