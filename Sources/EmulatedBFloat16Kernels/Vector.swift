internal import CBFloat16

/// The register of the build that does without AVX-512 BF16 what Intel's manual says these instructions do: half a
/// panel's row of sums. As an operand, each of its 32-bit lanes holds two bfloat16.
typealias Vector = SIMD8<Float>

extension Vector {
    /// Adds two products to each lane.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) { self = bfloat16_half_dot(self, a, b) }

    /// Stores a word for each lane, with this vector's value in its low half and the other's in its high half.
    @inline(__always)
    func storeRounded(withHigh high: Vector, _ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(
            of: bfloat16_half_round_pairs(self, high), as: SIMD8<UInt32>.self)
    }
}
