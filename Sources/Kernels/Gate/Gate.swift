import Products

/// The gate of the feed-forward network: `gelu(a) · b` with the exact, erf-based GELU (PyTorch
/// `F.gelu(approximate: "none")`), in float32.
package enum Gate {
    /// Computes `out = gelu(a) · b` for `count` pixels of 16 floats.
    ///
    /// - Parameters:
    ///   - a, b: `count` pixels, 16 floats apart.
    ///   - output: `count` pixels, `outputStride` floats apart. Must not overlap the inputs.
    @inline(__always)
    package static func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        Float32.build.gate(a, b, count: count, output: output, outputStride: outputStride)
    }
}
