/// The kernels of bfloat16, of which there are two builds: one with the processor's instructions, one that emulates them.
/// Words hold two values. Sources and targets do not overlap; `add` and `pairRows` work in place.
package protocol RoundedKernels: SendableMetatype {
    /// Computes a product, see `ProductOperands`.
    static func multiply(_ operands: ProductOperands)

    /// See `RegisterSpin.run`.
    static func spin(stepCount: Int) -> Int

    /// Rounds `count` floats, a multiple of 16, to half as many words of two neighbours.
    static func round(_ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Float>)

    /// Makes `count` floats, a multiple of 16, of half as many words of two neighbours.
    static func widen(_ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Float>)

    /// Adds 16 · `panelCount` floats to each of `count` pixels, `stride` words apart, and rounds the sums.
    static func add(
        _ row: UnsafePointer<Float>, panelCount: Int, to pixels: UnsafeMutablePointer<Float>, count: Int,
        stride: Int)

    /// Adds `count` pixels of 16 values, eight words each, `stride` words apart, times a row of 16 floats to as many pixels of
    /// 16 floats.
    static func addScaled(
        _ pixels: UnsafePointer<Float>, stride: Int, count: Int, by row: UnsafePointer<Float>,
        to target: UnsafeMutablePointer<Float>)

    /// Sums 16 · `panelCount` channels over `count` pixels, `stride` words apart, each in the pixels' order.
    static func sums(
        _ pixels: UnsafePointer<Float>, panelCount: Int, count: Int, stride: Int,
        into sums: UnsafeMutablePointer<Float>)

    /// Rounds panels of `depth` rows of 16 floats, which lie one after the other, to panels of half as many rows of
    /// words, each with two rows' values; an odd last row is paired with zeros. The words of all panels lie one after the
    /// other too.
    static func pairRows(_ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int)

    /// Rounds rows of a product's `a`, whose values follow each other, to rows of words of two neighbours. Runs are whole panels
    /// if there are several.
    ///
    /// - Parameters:
    ///   - wordCount: what a row has at least; words beyond its values are zero.
    ///   - target: rows `stride` words apart, which hold whole panels.
    static func roundRows(
        of operands: ProductOperands, _ rows: Range<Int>, wordCount: Int,
        into target: UnsafeMutablePointer<Float>, stride: Int)

    /// Rounds `depth` rows of 16 floats, `stride` floats apart, to `wordCount` rows of words, `targetStride` words apart, each
    /// with two rows' values; those beyond are zero.
    static func pairSteps(
        _ source: UnsafePointer<Float>, depth: Int, stride: Int, wordCount: Int,
        into target: UnsafeMutablePointer<Float>, targetStride: Int)

    /// Rounds two rows of `count` pixels of 16 floats, `stride` floats apart, to pixels of 16 words, `targetStride` words
    /// apart, each with a value of both; zero for a missing second row.
    static func pairPixels(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>?, count: Int, stride: Int,
        into target: UnsafeMutablePointer<Float>, targetStride: Int)

    /// Adds both halves of `count` rows of 16 words to 16 sums.
    static func addHalves(_ words: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>)

    /// Adds the squares of both halves of `count` rows of 16 words to 16 sums.
    static func addSquares(_ words: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>)

    /// Layer normalisation: `out = (x − mean) / sqrt(var + epsilon)`, or `x / sqrt(var + epsilon)`, without weight and
    /// bias. Mean and variance are float32.
    ///
    /// - Parameters:
    ///   - input: `count` pixels of bfloat16, `inputStride` words apart, whole panels of 16; zero beyond the channels.
    ///   - output: `count` pixels of half as many words as a pixel of whole panels has floats, `outputStride` apart.
    ///     Beyond the channels it holds any finite values.
    static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float, output: UnsafeMutablePointer<Float>, outputStride: Int)

    /// The depthwise 3×3 convolution of a panel in float32, with results in the form that the next step takes:
    /// `out[x] = bias + Σ_{dy,dx} weights[3·dy + dx] · rows[dy][x + dx]` for 16 channels, in that order.
    static func depthwise(_ operands: DepthwiseOperands, form: DepthwiseForm)

    /// The gate of the feed-forward network, `out = gelu(a) · b`, for `count` pixels of 16 channels, with an error of
    /// gelu of at most 1.6e-5, or 5.1e-6 of a above 4.5, before rounding.
    ///
    /// - Parameters:
    ///   - a, b: `count` pixels, 16 floats apart.
    ///   - rounds: whether the results are eight words for a pixel or 16 floats.
    ///   - output: pixels `outputStride` words apart.
    static func gate(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int, rounds: Bool,
        output: UnsafeMutablePointer<Float>, outputStride: Int)
}
