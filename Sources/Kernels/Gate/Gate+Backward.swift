import Products

extension Gate {
    /// Recomputes the gate, and computes the gradients of both factors. For `y = gelu(a) · b`, they are `da =
    /// dy · b · (Φ(a) + a φ(a))` and `db = dy · gelu(a)`.
    ///
    /// - Parameters:
    ///   - a, b, gradient: `count` pixels of 16 floats; `gradient` is dy.
    ///   - output: y, overwritten; may be `gradient`.
    ///   - firstGradient, secondGradient: da and db, overwritten; may be `a` and `b`. Other buffers must not
    ///     overlap.
    @inline(__always)
    package static func backward(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, gradient: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, firstGradient: UnsafeMutablePointer<Float>,
        secondGradient: UnsafeMutablePointer<Float>
    ) {
        Float32.build.gateBackward(
            a, b, gradient: gradient, count: count, output: output, firstGradient: firstGradient,
            secondGradient: secondGradient)
    }
}
