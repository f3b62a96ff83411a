internal import CBFloat16
internal import CLanes

/// The register of the build for AVX-512 BF16: one holds a panel's row of sums. As an operand, each of its 32-bit
/// lanes holds two bfloat16, which no arithmetic touches before `accumulate` does.
typealias Vector = SIMD16<Float>

extension Vector {
    /// Adds two products to each lane.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) { self = lanes_in_order(bfloat16_dot(self, a, b)) }

    /// Stores a word for each lane, with this vector's value in its low half and the other's in its high half.
    @inline(__always)
    func storeRounded(withHigh high: Vector, _ target: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(target).storeBytes(
            of: bfloat16_round_pairs(self, high), as: SIMD16<UInt32>.self)
    }
}

enum Panels {
    /// Panels that one wide tile covers.
    static let perTile = 2
    /// Whether there are tiles of three panels.
    static let hasTilesOfThree = true
    /// Whether four steps of a sum are taken at a time.
    static let unrollsSteps = true
    /// Floating-point operations that `accumulate` performs for a lane.
    static let operationsPerLane = 4

    /// Distance from a tile's low vector to its high one: the next panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { panelStride }

    /// The same where a panel is eight words of bfloat16.
    @inline(__always)
    static func narrowHigh(_ panelStride: Int) -> Int { panelStride }
}
