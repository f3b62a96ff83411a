extension Gate {
    /// Recomputes the gate, and computes the gradients of both factors. For `y = gelu(a) · b`, they are `da =
    /// dy · b · (Φ(a) + a φ(a))` and `db = dy · gelu(a)`.
    ///
    /// - Parameters:
    ///   - a, b, gradient: `count` pixels of 16 floats; `gradient` is dy.
    ///   - output: y, overwritten; may be `gradient`.
    ///   - firstGradient, secondGradient: da and db, overwritten; may be `a` and `b`. Other buffers must not
    ///     overlap.
    @inline(never)
    package static func backward(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, gradient: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, firstGradient: UnsafeMutablePointer<Float>,
        secondGradient: UnsafeMutablePointer<Float>
    ) {
        let inverseRootOfTwo = Vector8(repeating: 0.707106781186547524)
        let half = Vector8(repeating: 0.5)
        let minusHalf = Vector8(repeating: -0.5)
        let inverseRootOfTwoPi = Vector8(repeating: 0.398942280401432678)
        for index in stride(from: 0, to: count * 16, by: 8) {
            let x = load8(a + index)
            let y = load8(b + index)
            let dy = load8(gradient + index)
            let cumulative = half.addingProduct(half, errorFunction(x * inverseRootOfTwo))
            let density = inverseRootOfTwoPi * exponential(x * x * minusHalf)
            let gelu = x * cumulative
            store8(gelu * y, output + index)
            store8(dy * y * cumulative.addingProduct(x, density), firstGradient + index)
            store8(dy * gelu, secondGradient + index)
        }
    }
}
