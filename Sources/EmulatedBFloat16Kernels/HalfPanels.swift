// The build for int8 on 256-bit registers uses this file through a symbolic link.

internal import CBFloat16

extension Vector {
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

enum Panels {
    /// Number of panels in one wide tile.
    static let perTile = 1
    /// Whether there are tiles of three panels.
    static let hasTilesOfThree = false
    /// Whether four steps of a sum are taken at a time.
    static let unrollsSteps = false
    /// Operations that `accumulate` performs for a lane.
    static let operationsPerLane = 4

    /// Distance from a tile's low vector to its high one, which is the other half of the same panel.
    @inline(__always)
    static func high(_ panelStride: Int) -> Int { 8 }

    /// The same where a panel is eight words of bfloat16.
    @inline(__always)
    static func narrowHigh(_ panelStride: Int) -> Int { 4 }
}
