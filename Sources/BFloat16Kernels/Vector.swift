internal import CBFloat16

/// The register of the build for AVX-512 BF16: one holds a panel's row of sums. As an operand, each of its 32-bit
/// lanes holds two bfloat16, which no arithmetic touches before `accumulate` does.
typealias Vector = SIMD16<Float>

extension Vector {
    /// Adds two products to each lane.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) { self = bfloat16_dot(self, a, b) }
}

enum Panels {
    /// Panels that one wide tile covers.
    static let perTile = 2
    /// Floating-point operations that `accumulate` performs for a lane.
    static let operationsPerLane = 4

    /// Distance from a tile's low vector to its high one: the next panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { panelStride }

    /// The same where a panel is eight words of bfloat16.
    @inline(__always)
    static func narrowHigh(_ panelStride: Int) -> Int { panelStride }
}

extension Lanes {
    /// The values of eight words of two neighbours.
    @inline(__always)
    init(narrow words: UnsafePointer<Float>) {
        self = bfloat16_widen(UnsafeRawPointer(words).loadUnaligned(as: SIMD8<UInt32>.self))
    }

    /// Adds two products of bfloat16 to each lane.
    @inline(__always)
    mutating func accumulatePairs(_ a: Lanes, _ b: Lanes) { self = bfloat16_dot(self, a, b) }

    /// Stores 16 values as eight words of two neighbours.
    @inline(__always)
    func storeNarrow(_ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(of: bfloat16_round(self), as: SIMD8<UInt32>.self)
    }

    /// Stores 16 words with this vector's values in their low halves and the other's in their high ones.
    @inline(__always)
    func storeRounded(withHigh high: Lanes, _ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(
            of: bfloat16_round_pairs(self, high), as: SIMD16<UInt32>.self)
    }
}
