internal import CInt8

/// Half a panel's row of sums: eight integers of 32 bits, which no floating-point arithmetic touches. As an operand, each
/// lane holds two integers of 16 bits, because AVX2 multiplies pairs of these exactly, and of 8 bits only with saturation.
typealias Vector = SIMD8<Float>

extension Vector {
    /// Adds two products of integers to each lane.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) { self = int8_add_pairs(self, a, b) }

    /// The integers as floats. Here, all offsets are zero.
    @inline(__always)
    func floats(less offset: Vector) -> Vector { int8_half_to_floats(self) }
}

extension Lanes {
    /// Stores 16 values times a factor, rounded to integers, as operands of a product.
    @inline(__always)
    func storeOperands(_ factor: Lanes, _ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(of: int8_round_pairs(self, factor), as: SIMD8<UInt32>.self)
    }
}

enum Operands {
    /// Integers in a word.
    static let perWord = 2
    /// What is added to an integer of a pixel before it is stored.
    static let pixelOffset = 0
    /// The bits of a word that `pixelOffset` changes.
    static var offsetBits: SIMD16<UInt32> { .zero }

    /// Adds the integers of each lane's word to `sums`, which no offset needs here.
    @inline(__always)
    static func addIntegers(of words: SIMD16<UInt32>, to sums: inout SIMD16<Int32>) {}
}
