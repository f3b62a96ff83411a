/// The register of the x86-64-v4 build. One of them holds a panel's row.
typealias Vector = SIMD16<Float>

enum Panels {
    /// The number of panels in one wide tile.
    static let perTile = 2

    /// Returns the distance from a tile's low vector to its high one, which belongs to the next panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { panelStride }
}
