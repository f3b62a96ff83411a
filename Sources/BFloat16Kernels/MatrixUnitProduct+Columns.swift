internal import CBFloat16
import Products

extension MatrixUnitProduct {
    /// Rounds `depth` rows of 16 floats, `stride` floats apart, to 16 rows of `wordCount` words, `targetStride` words apart: the
    /// columns, each word with two neighbours. Those beyond are zero.
    ///
    /// - Parameter wordCount: a multiple of 16.
    @inline(never)
    package static func pairColumns(
        _ source: UnsafePointer<Float>, depth: Int, stride: Int, wordCount: Int,
        into target: UnsafeMutablePointer<Float>, targetStride: Int
    ) {
        var words = InlineArray<16, SIMD16<Float>>(repeating: .zero)
        withUnsafeMutableBytes(of: &words) { bytes in
            guard let words = bytes.assumingMemoryBound(to: Float.self).baseAddress else { return }
            for first in Swift.stride(from: 0, to: wordCount, by: 16) {
                RoundedBuild.pairSteps(
                    source + 2 * first * stride, depth: max(0, depth - 2 * first), stride: stride,
                    wordCount: 16, into: words, targetStride: 16)
                bfloat16_store_columns(words, target + first, targetStride)
            }
        }
    }
}
