internal import CBFloat16

/// The register of the build that does without AVX-512 BF16 what Intel's manual says these instructions do: half a
/// panel's row of sums. As an operand, each of its 32-bit lanes holds two bfloat16.
typealias Vector = SIMD8<Float>

extension Vector {
    /// Adds two products to each lane.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) { self = bfloat16_half_dot(self, a, b) }

    /// The values of four words of two neighbours.
    @inline(__always)
    init(narrow words: UnsafePointer<Float>) {
        self = bfloat16_half_widen(UnsafeRawPointer(words).loadUnaligned(as: SIMD4<UInt32>.self))
    }

    /// Stores eight values as four words of two neighbours.
    @inline(__always)
    func storeNarrow(_ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(of: bfloat16_half_round(self), as: SIMD4<UInt32>.self)
    }

    /// Stores a word for each lane, with this vector's value in its low half and the other's in its high half.
    @inline(__always)
    func storeRounded(withHigh high: Vector, _ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(
            of: bfloat16_half_round_pairs(self, high), as: SIMD8<UInt32>.self)
    }
}

enum Panels {
    /// Number of panels in one wide tile.
    static let perTile = 1
    /// Floating-point operations that `accumulate` performs for a lane.
    static let operationsPerLane = 4

    /// Distance from a tile's low vector to its high one, which is the other half of the same panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { 8 }

    /// The same where a panel is eight words of bfloat16.
    @inline(__always)
    static func narrowHigh(_ panelStride: Int) -> Int { 4 }
}
