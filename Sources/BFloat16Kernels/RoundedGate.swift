// The emulated build uses this file through a symbolic link.

extension RoundedBuild {
    /// x·Φ(x), Φ the normal distribution: our own minimax polynomial of degree 9 in x² on |x| ≤ 4.5, weighted by x.
    /// Below −4.5 the result is zero, above 4.5 Φ is constant. The error is at most 1.6e-5, and 5.1e-6 of x above 4.5; the
    /// rounding that follows is up to 4e-3 of the result. The quotient that float32 needs takes about twice the time.
    @inline(__always)
    private static func gelu(_ x: Vector) -> Vector {
        let limit = Vector(repeating: 4.5)
        // Masks keep NaN, as in `Gate`.
        let z = x.replacing(with: limit, where: x .> limit)
        let t = Vector(repeating: -1).addingProduct(z * z, Vector(repeating: 2 / (4.5 * 4.5)))
        var p = Vector(repeating: -0.001565629711)
        p = Vector(repeating: 0.004655308194).addingProduct(p, t)
        p = Vector(repeating: -0.006682917837).addingProduct(p, t)
        p = Vector(repeating: 0.01014047962).addingProduct(p, t)
        p = Vector(repeating: -0.01815917685).addingProduct(p, t)
        p = Vector(repeating: 0.02862395879).addingProduct(p, t)
        p = Vector(repeating: -0.04029579789).addingProduct(p, t)
        p = Vector(repeating: 0.05467185219).addingProduct(p, t)
        p = Vector(repeating: -0.07718336937).addingProduct(p, t)
        p = Vector(repeating: 0.1569053007).addingProduct(p, t)
        return (x * Vector(repeating: 0.5).addingProduct(z, p)).replacing(with: 0, where: x .< -limit)
    }

    @inline(never)
    package static func gate(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int, rounds: Bool,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        for index in 0..<count {
            for lane in stride(from: 0, to: 16, by: Vector.scalarCount) {
                let place = index * 16 + lane
                let gated = gelu(load(a + place)) * load(b + place)
                let target = output + index * outputStride
                if rounds {
                    gated.storeNarrow(target + lane / 2)
                } else {
                    store(gated, target + lane)
                }
            }
        }
    }
}
