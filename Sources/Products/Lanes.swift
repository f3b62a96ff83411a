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
