// The emulated build uses this file through a symbolic link.

extension RoundedBuild {
    /// x·Φ(x), Φ the normal distribution: our own minimax polynomial of degree 9 in x² on |x| ≤ 4.5, weighted by x.
    /// Below −4.5 the result is zero, above 4.5 Φ is constant. The error is at most 2e-5, and 4e-6 of x above 4.5; the
    /// rounding that follows is up to 4e-3 of the result. The quotient that float32 needs takes about twice the time.
    @inline(__always)
    private static func gelu(_ x: Lanes) -> Lanes {
        let limit = Lanes(repeating: 4.5)
        // Masks keep NaN, as in `Gate`.
        let z = x.replacing(with: limit, where: x .> limit)
        let t = Lanes(repeating: -1).addingProduct(z * z, Lanes(repeating: 2 / (4.5 * 4.5)))
        var p = Lanes(repeating: -0.001565629711)
        p = Lanes(repeating: 0.004655308194).addingProduct(p, t)
        p = Lanes(repeating: -0.006682917837).addingProduct(p, t)
        p = Lanes(repeating: 0.01014047962).addingProduct(p, t)
        p = Lanes(repeating: -0.01815917685).addingProduct(p, t)
        p = Lanes(repeating: 0.02862395879).addingProduct(p, t)
        p = Lanes(repeating: -0.04029579789).addingProduct(p, t)
        p = Lanes(repeating: 0.05467185219).addingProduct(p, t)
        p = Lanes(repeating: -0.07718336937).addingProduct(p, t)
        p = Lanes(repeating: 0.1569053007).addingProduct(p, t)
        return (x * Lanes(repeating: 0.5).addingProduct(z, p)).replacing(with: 0, where: x .< -limit)
    }

    @inline(never)
    package static func gate(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        for index in 0..<count {
            (gelu(lanes(a + index * 16)) * lanes(b + index * 16)).storeNarrow(output + index * outputStride)
        }
    }
}
