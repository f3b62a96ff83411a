// The build with 512-bit registers uses this file through a symbolic link.

// The gate of the feed-forward network in float32, `gelu(a) · b` with the exact, erf-based GELU, and its gradients.
extension FloatBuild {
    /// Beyond this argument erf rounds to ±1 in float32.
    private static var largestArgument: Float { 3.9192059 }

    /// Computes erf(z) = z · P(z²) / Q(z²) for |z| ≤ `largestArgument`. The coefficients are our own minimax
    /// fit weighted by |z|. The error is 1.6e-8 before rounding and at most 3.7e-7 in float32 arithmetic.
    @inline(__always)
    private static func errorFunction(_ argument: Vector) -> Vector {
        let limit = Vector(repeating: largestArgument)
        // Masks replace pointwiseMin and pointwiseMax, which remained calls (Swift 6.3) and lost NaN.
        let z = argument.replacing(with: limit, where: argument .> limit)
            .replacing(with: -limit, where: argument .< -limit)
        let t = z * z
        var p = Vector(repeating: 2.035289646e-06)
        p = Vector(repeating: 2.874588627e-04).addingProduct(p, t)
        p = Vector(repeating: 3.866664774e-03).addingProduct(p, t)
        p = Vector(repeating: 5.305548593e-02).addingProduct(p, t)
        p = Vector(repeating: 1.927231640e-01).addingProduct(p, t)
        p = Vector(repeating: 1.128379023).addingProduct(p, t)
        var q = Vector(repeating: 3.807526601e-05)
        q = Vector(repeating: 1.187741439e-03).addingProduct(q, t)
        q = Vector(repeating: 1.516898214e-02).addingProduct(q, t)
        q = Vector(repeating: 1.150680832e-01).addingProduct(q, t)
        q = Vector(repeating: 5.041281331e-01).addingProduct(q, t)
        q = Vector(repeating: 1).addingProduct(q, t)
        return z * p / q
    }

    @export(interface)
    @inline(never)
    package static func gate(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        let inverseRootOfTwo = Vector(repeating: 0.707106781186547524)
        let half = Vector(repeating: 0.5)
        for index in 0..<count {
            for lane in stride(from: 0, to: 16, by: Vector.scalarCount) {
                let x = load(a + index * 16 + lane)
                let halfX = x * half
                let gelu = halfX.addingProduct(halfX, errorFunction(x * inverseRootOfTwo))
                store(gelu * load(b + index * 16 + lane), output + index * outputStride + lane)
            }
        }
    }

    @export(interface)
    @inline(never)
    package static func gateBackward(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, gradient: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, firstGradient: UnsafeMutablePointer<Float>,
        secondGradient: UnsafeMutablePointer<Float>
    ) {
        let inverseRootOfTwo = Vector(repeating: 0.707106781186547524)
        let half = Vector(repeating: 0.5)
        let minusHalf = Vector(repeating: -0.5)
        let inverseRootOfTwoPi = Vector(repeating: 0.398942280401432678)
        for index in stride(from: 0, to: count * 16, by: Vector.scalarCount) {
            let x = load(a + index)
            let y = load(b + index)
            let dy = load(gradient + index)
            let cumulative = half.addingProduct(half, errorFunction(x * inverseRootOfTwo))
            let density = inverseRootOfTwoPi * exponential(x * x * minusHalf)
            let gelu = x * cumulative
            store(gelu * y, output + index)
            store(dy * y * cumulative.addingProduct(x, density), firstGradient + index)
            store(dy * gelu, secondGradient + index)
        }
    }
}
