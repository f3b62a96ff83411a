internal import CBFloat16
import CMatrixUnit
import Products

extension MatrixUnitProduct {
    /// How many words of the columns become rows at a time.
    private static let wordsAtATime = 256

    /// Computes a product whose 16 rows are the columns of a panel of words. Its sums are added up in float32 after every
    /// `wordsAtATime` words, and before the last ones that do not fill an instruction.
    static func multiplyColumns(_ operands: ProductOperands) {
        guard let memory = matrix_unit_memory() else { return }
        let rows = memory + 2 * Int(MATRIX_UNIT_BLOCK * MATRIX_UNIT_BLOCK)
        let wholes = operands.depth / 16 * 16
        for first in Swift.stride(from: 0, to: wholes, by: wordsAtATime) {
            let range = first..<min(first + wordsAtATime, wholes)
            for word in Swift.stride(from: range.lowerBound, to: range.upperBound, by: 16) {
                bfloat16_store_columns(
                    operands.a + word * 16, 16, rows + word - first, Int(MATRIX_UNIT_ROW))
            }
            multiply(operands.reading(rows, words: range))
        }
        if wholes < operands.depth || wholes == 0 {
            var words = InlineArray<16, SIMD16<Float>>(repeating: .zero)
            for word in wholes..<operands.depth { words[word - wholes] = lanes(operands.a + word * 16) }
            withUnsafeBytes(of: &words) { bytes in
                guard let words = bytes.assumingMemoryBound(to: Float.self).baseAddress else { return }
                bfloat16_store_columns(words, 16, rows, Int(MATRIX_UNIT_ROW))
            }
            multiply(operands.reading(rows, words: wholes..<operands.depth))
        }
    }

    /// Rounds `depth` rows of 16 floats, `stride` floats apart, to 16 rows of `wordCount` words, `targetStride` words apart: the
    /// columns, each word with two neighbours. Those beyond are zero.
    ///
    /// - Parameter wordCount: a multiple of 16.
    @inline(never)
    package static func pairColumns(
        _ source: UnsafePointer<Float>, depth: Int, stride: Int, wordCount: Int,
        into target: UnsafeMutablePointer<Float>, targetStride: Int
    ) {
        storeColumns(count: wordCount, into: target, targetStride: targetStride) { first, _, words in
            RoundedBuild.pairSteps(
                source + 2 * first * stride, depth: max(0, depth - 2 * first), stride: stride,
                wordCount: 16, into: words, targetStride: 16)
        }
    }

    /// Rounds two rows of `count` pixels of 16 floats, `stride` floats apart, to 16 rows of words, `targetStride` words apart: a
    /// channel each, with a value of both rows in a word; zero for a missing second row.
    @inline(never)
    package static func pairColumns(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>?, count: Int, stride: Int,
        into target: UnsafeMutablePointer<Float>, targetStride: Int
    ) {
        storeColumns(count: count, into: target, targetStride: targetStride) { pixel, count, words in
            RoundedBuild.pairPixels(
                first + pixel * stride, second.map { $0 + pixel * stride }, count: count, stride: stride,
                into: words, targetStride: 16)
        }
    }

    /// Calls `fill` for up to 16 of `count` rows of 16 words at a time, and stores what it has written as columns.
    @inline(__always)
    private static func storeColumns(
        count: Int, into target: UnsafeMutablePointer<Float>, targetStride: Int,
        fill: (_ first: Int, _ count: Int, _ words: UnsafeMutablePointer<Float>) -> Void
    ) {
        var words = InlineArray<16, SIMD16<Float>>(repeating: .zero)
        withUnsafeMutableBytes(of: &words) { bytes in
            guard let words = bytes.assumingMemoryBound(to: Float.self).baseAddress else { return }
            for first in Swift.stride(from: 0, to: count, by: 16) {
                let width = min(16, count - first)
                fill(first, width, words)
                bfloat16_store_columns(words, width, target + first, targetStride)
            }
        }
    }
}

extension ProductOperands {
    /// Some words of these operands' depth, whose rows are at `rows`. The sums of earlier words are in `out`.
    fileprivate func reading(_ rows: UnsafePointer<Float>, words: Range<Int>) -> ProductOperands {
        let isFirst = words.lowerBound == 0
        return ProductOperands(
            rows: self.rows, depth: words.count, panelCount: panelCount, a: rows,
            rowStride: Int(MATRIX_UNIT_ROW), weights: weights + words.lowerBound * weightStepStride,
            weightPanelStride: weightPanelStride, weightStepStride: weightStepStride, out: out,
            outStride: outStride, outPanelStride: outPanelStride,
            addend: isFirst ? addend : UnsafePointer(out), addendStride: isFirst ? addendStride : outStride,
            addendPanelStride: isFirst ? addendPanelStride : outPanelStride)
    }
}
