internal import CBFloat16
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

    /// The values of four words of two neighbours in bfloat16.
    @inline(__always)
    init(narrow words: UnsafePointer<Float>) {
        self = bfloat16_half_widen(UnsafeRawPointer(words).loadUnaligned(as: SIMD4<UInt32>.self))
    }

    /// Stores eight values as four words of two neighbours in bfloat16.
    @inline(__always)
    func storeNarrow(_ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(of: bfloat16_half_round(self), as: SIMD4<UInt32>.self)
    }
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
}

enum Panels {
    /// Number of panels in one wide tile.
    static let perTile = 1
    /// Operations that `accumulate` performs for a lane.
    static let operationsPerLane = 4

    /// Distance from a tile's low vector to its high one, which is the other half of the same panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { 8 }

    /// The same where a panel is eight words of bfloat16.
    @inline(__always)
    static func narrowHigh(_ panelStride: Int) -> Int { 4 }
}
