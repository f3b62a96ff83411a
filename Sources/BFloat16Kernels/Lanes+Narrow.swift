// The other builds use this file through symbolic links.

internal import CBFloat16

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
}
