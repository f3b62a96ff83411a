/// The register of the x86-64-v3 and arm64 builds. Two of them hold a panel's row.
typealias Vector = SIMD8<Float>
/// Its bits.
typealias Words = SIMD8<UInt32>

extension Vector {
    /// Adds a product to each lane.
    @inline(__always)
    mutating func accumulate(_ a: Vector, _ b: Vector) { addProduct(a, b) }
}

enum Panels {
    /// The number of panels in one wide tile.
    static let perTile = 1
    /// Whether there are tiles of three panels.
    static let hasTilesOfThree = false
    /// Whether four steps of a sum are taken at a time.
    static let unrollsSteps = true
    /// Floating-point operations that `accumulate` performs for a lane.
    static let operationsPerLane = 2

    /// Returns the distance from a tile's low vector to its high one, which is the other half of the same
    /// panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { 8 }
}
