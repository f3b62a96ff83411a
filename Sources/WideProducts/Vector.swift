internal import CLanes

/// The register of the x86-64-v4 build. One of them holds a panel's row.
typealias Vector = SIMD16<Float>
/// Its bits.
typealias Words = SIMD16<UInt32>

extension Vector {
    /// Adds a product to each lane.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) { self = lanes_in_order(addingProduct(a, b)) }
}

enum Panels {
    /// The number of panels in one wide tile.
    static let perTile = 2
    /// Whether there are tiles of three panels.
    static let hasTilesOfThree = true
    /// Whether four steps of a sum are taken at a time.
    static let unrollsSteps = true
    /// Floating-point operations that `accumulate` performs for a lane.
    static let operationsPerLane = 2

    /// Returns the distance from a tile's low vector to its high one, which belongs to the next panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { panelStride }
}
