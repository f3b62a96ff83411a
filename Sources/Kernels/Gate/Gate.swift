/// The gate of the feed-forward network: `gelu(a) · b` with the exact, erf-based GELU (PyTorch
/// `F.gelu(approximate: "none")`).
package enum Gate {
    /// Beyond this argument erf rounds to ±1 in float32.
    static let largestArgument: Float = 3.9192059

    /// Computes erf(z) = z · P(z²) / Q(z²) for |z| ≤ `largestArgument`. The coefficients are our own minimax
    /// fit weighted by |z|. The error is 1.6e-8 before rounding and at most 3.7e-7 in float32 arithmetic.
    @inline(__always)
    static func errorFunction(_ argument: Vector8) -> Vector8 {
        let limit = Vector8(repeating: largestArgument)
        // Masks replace pointwiseMin and pointwiseMax, which remained calls (Swift 6.3) and lost NaN.
        let z = argument.replacing(with: limit, where: argument .> limit)
            .replacing(with: -limit, where: argument .< -limit)
        let t = z * z
        var p = Vector8(repeating: 2.035289646e-06)
        p = Vector8(repeating: 2.874588627e-04).addingProduct(p, t)
        p = Vector8(repeating: 3.866664774e-03).addingProduct(p, t)
        p = Vector8(repeating: 5.305548593e-02).addingProduct(p, t)
        p = Vector8(repeating: 1.927231640e-01).addingProduct(p, t)
        p = Vector8(repeating: 1.128379023).addingProduct(p, t)
        var q = Vector8(repeating: 3.807526601e-05)
        q = Vector8(repeating: 1.187741439e-03).addingProduct(q, t)
        q = Vector8(repeating: 1.516898214e-02).addingProduct(q, t)
        q = Vector8(repeating: 1.150680832e-01).addingProduct(q, t)
        q = Vector8(repeating: 5.041281331e-01).addingProduct(q, t)
        q = Vector8(repeating: 1).addingProduct(q, t)
        return z * p / q
    }

    /// Computes `out = gelu(a) · b` for `count` pixels of 16 floats.
    ///
    /// - Parameters:
    ///   - a, b: `count` pixels, 16 floats apart.
    ///   - output: `count` pixels, `outputStride` floats apart. Must not overlap the inputs.
    @inline(never)
    package static func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        let inverseRootOfTwo = Vector8(repeating: 0.707106781186547524)
        let half = Vector8(repeating: 0.5)
        for index in 0..<count {
            for lane in 0..<2 {
                let x = load8(a + index * 16 + lane * 8)
                let halfX = x * half
                let gelu = halfX.addingProduct(halfX, errorFunction(x * inverseRootOfTwo))
                let y = load8(b + index * 16 + lane * 8)
                store8(gelu * y, output + index * outputStride + lane * 8)
            }
        }
    }
}
