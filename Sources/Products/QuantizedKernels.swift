/// The kernels of int8. Operands of its products are integers from −127 to 127 with a scale for each row and each column;
/// their sums are exact, so the results are the same on every processor. What becomes an operand is bfloat16 or float32.
package protocol QuantizedKernels: SendableMetatype {
    /// How many neighbours along a product's depth share a word of 32 bits: pixels' and weights' integers alike.
    static var integersPerWord: Int { get }

    /// Computes a product, see `ProductOperands` and `ProductScales`.
    static func multiply(_ operands: ProductOperands)

    /// See `RegisterSpin.run`.
    static func spin(stepCount: Int) -> Int

    /// Makes pixels operands. The scale of a pixel is a 127th of its largest magnitude.
    ///
    /// - Parameters:
    ///   - source: whole panels of 16 channels, zero beyond the channels.
    ///   - isNarrow: whether the source is bfloat16.
    static func quantize(_ operands: QuantizedPixels, source: UnsafePointer<Float>, isNarrow: Bool)

    /// The same after a layer normalisation without weight and bias, see `RoundedKernels.normalize`. The source is
    /// bfloat16.
    static func normalize(
        _ operands: QuantizedPixels, source: UnsafePointer<Float>, channels: Int, subtractsMean: Bool,
        epsilon: Float)

    /// Makes panels of `depth` rows of 16 floats, which lie one after the other, a product's weights, in place; zeros fill the
    /// last word. The words of all panels lie one after the other too.
    ///
    /// - Parameter columns: what `ProductScales.columns` describes, overwritten.
    static func quantizeColumns(
        _ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int,
        columns: UnsafeMutablePointer<Float>)

    /// Makes the channels of a panel rows of a product. The scale of a channel is a 127th of its largest magnitude.
    ///
    /// - Parameters:
    ///   - panel: `count` pixels of 16 floats.
    ///   - wordCount: words of a row, a multiple of 16; words beyond the pixels have no meaning.
    ///   - rows: 16 rows of words, one after the other, overwritten.
    ///   - scales: 16 floats, overwritten.
    static func quantizeRows(
        _ panel: UnsafePointer<Float>, count: Int, wordCount: Int, into rows: UnsafeMutablePointer<Float>,
        scales: UnsafeMutablePointer<Float>)
}

/// How the values of 16 pixels or of 16 columns become integers.
package struct Quantization {
    package static var largestInteger: Float { 127 }

    /// The values of one step.
    package let scales: SIMD16<Float>
    /// What values are multiplied by before they are rounded. Zeros have none, and NaN stays one.
    package let factors: SIMD16<Float>

    /// - Parameter largest: the largest magnitude of the values of each pixel or column.
    @inline(__always)
    package init(largest: SIMD16<Float>) {
        scales = largest * (1 / Self.largestInteger)
        factors = (Self.largestInteger / largest).replacing(with: 0, where: largest .== 0)
    }
}

/// What pixels become as operands of a product in int8.
package struct QuantizedPixels {
    package var count: Int
    package var panelCount: Int
    /// 32-bit words from pixel to pixel of the source.
    package var sourceStride: Int
    /// `count` pixels of 16 integers for every panel, overwritten.
    package var target: UnsafeMutablePointer<Float>
    /// 32-bit words from pixel to pixel of the target.
    package var targetStride: Int
    /// `count` floats, overwritten.
    package var scales: UnsafeMutablePointer<Float>

    @inline(__always)
    package init(
        count: Int, panelCount: Int, sourceStride: Int, target: UnsafeMutablePointer<Float>,
        targetStride: Int, scales: UnsafeMutablePointer<Float>
    ) {
        self.count = count
        self.panelCount = panelCount
        self.sourceStride = sourceStride
        self.target = target
        self.targetStride = targetStride
        self.scales = scales
    }
}
