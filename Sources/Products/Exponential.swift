// The build with 512-bit registers uses this file through a symbolic link.

/// Computes e to the power of each value, within 2 units in the last place: 2^n · e^r with |r| ≤ ln 2 / 2 and a
/// Taylor polynomial of degree 7. Arguments below −87 give e^−87, which is negligible in the callers' sums.
@inline(__always)
func exponential(_ argument: Vector) -> Vector {
    let floor = Vector(repeating: -87)
    let x = argument.replacing(with: floor, where: argument .< floor)
    // Adding 1.5 · 2²³ rounds to the nearest whole number, which is then in the lowest bits.
    let shift = Vector(repeating: 12_582_912)
    let shifted = shift.addingProduct(x, Vector(repeating: 1.442_695_04))
    let n = shifted - shift
    // ln 2 is subtracted in two parts, so that the difference is exact.
    var r = x.addingProduct(n, Vector(repeating: -0.693_359_375))
    r = r.addingProduct(n, Vector(repeating: 2.121_944_4e-4))
    var p = Vector(repeating: 1 / 5040)
    p = Vector(repeating: 1 / 720).addingProduct(p, r)
    p = Vector(repeating: 1 / 120).addingProduct(p, r)
    p = Vector(repeating: 1 / 24).addingProduct(p, r)
    p = Vector(repeating: 1 / 6).addingProduct(p, r)
    p = Vector(repeating: 0.5).addingProduct(p, r)
    p = Vector(repeating: 1).addingProduct(p, r)
    p = Vector(repeating: 1).addingProduct(p, r)
    let bits = unsafeBitCast(shifted, to: Words.self) &<< 23 &+ 0x3F80_0000
    return p * unsafeBitCast(bits, to: Vector.self)
}
