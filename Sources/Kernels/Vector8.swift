/// Eight floats, which are one register of the x86-64-v3 build and two of arm64.
typealias Vector8 = SIMD8<Float>

@inline(__always)
func load8(_ address: UnsafePointer<Float>) -> Vector8 {
    UnsafeRawPointer(address).loadUnaligned(as: Vector8.self)
}

@inline(__always)
func store8(_ value: Vector8, _ address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: value, as: Vector8.self)
}

/// The first `count` lanes from memory, and zeros.
@inline(__always)
func load8(_ address: UnsafePointer<Float>, count: Int) -> Vector8 {
    if count >= Vector8.scalarCount { return load8(address) }
    var value = Vector8.zero
    for lane in 0..<count { value[lane] = address[lane] }
    return value
}
