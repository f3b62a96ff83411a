/// The register of the x86-64-v3 (and arm64) build: two of them hold a panel's row.
typealias Vector = SIMD8<Float>

enum Panels {
    /// Panels that one wide tile covers.
    static let perTile = 1

    /// Distance from a tile's low vector to its high one: the other half of the same panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { 8 }
}
