/// The kernels of float32, of which there are two builds. Both compute the same bits.
package protocol FloatKernels: SendableMetatype {
    /// Computes a product, see `ProductOperands`.
    static func multiply(_ operands: ProductOperands)

    /// See `RegisterSpin.run`.
    static func spin(stepCount: Int) -> Int

    /// See `LayerNorm.normalize`.
    static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float, output: UnsafeMutablePointer<Float>, outputStride: Int)

    /// See `LayerNorm.backward`.
    static func normalizeBackward(
        _ input: UnsafePointer<Float>, gradient: UnsafePointer<Float>, addend: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, stride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float)

    /// See `Gate.multiply`.
    static func gate(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, outputStride: Int)

    /// See `Gate.backward`.
    static func gateBackward(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, gradient: UnsafePointer<Float>, count: Int,
        output: UnsafeMutablePointer<Float>, firstGradient: UnsafeMutablePointer<Float>,
        secondGradient: UnsafeMutablePointer<Float>)

    /// Adds, for the gradient of one or two rows and each of the nine taps, the sum over the pixels of the gradient times the
    /// tap's pixel of the input. Both rows are summed before they are added.
    ///
    /// - Parameter taps: nine rows of 16 floats.
    static func addTapGradients(_ operands: TapOperands, to taps: UnsafeMutablePointer<Float>)

    /// See `AdamStep`.
    static func adam(_ operands: AdamOperands, _ factors: AdamFactors)
}
