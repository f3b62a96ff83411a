// The other builds use this file through symbolic links.

/// A panel's row of floats in both builds, so that they compute the same bits.
typealias Lanes = SIMD16<Float>

@inline(__always)
func lanes(_ address: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(address).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func store(_ value: Lanes, floats address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: value, as: Lanes.self)
}

extension Lanes {
    /// The sum of the lanes, halves first, which is faster than one lane after the other.
    @inline(__always)
    var treeSum: Float {
        let eight = lowHalf + highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two[0] + two[1]
    }
}
