/// The register of the x86-64-v4 build: one holds a panel's row.
typealias Vector = SIMD16<Float>

enum Panels {
    /// Panels that one wide tile covers.
    static let perTile = 2

    /// Distance from a tile's low vector to its high one: the next panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { panelStride }
}
