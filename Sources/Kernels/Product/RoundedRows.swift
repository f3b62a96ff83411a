import BFloat16Kernels
import Products
import Tensors

/// Rows of a product's `a`, rounded from floats to words of two neighbours along the depth.
struct RoundedRows {
    /// Words along the depth.
    let words: Int
    /// The most rows at a time.
    let count: Int
    /// Words from row to row, or from one step of the depth to the next if they are stored by columns.
    let stride: Int
    let isByColumns: Bool
    private let depth: Int
    /// Whether `a` is given by columns.
    private let isTransposed: Bool

    init(_ operands: ProductOperands, depth: Int, blockWords: Int) {
        self.depth = depth
        isTransposed = operands.stepStride != 1
        isByColumns = isTransposed && !BFloat16.usesMatrixUnit
        // Columns become rows in whole tiles.
        words = isTransposed && !isByColumns ? (depth + 31) / 32 * 16 : (depth + 1) / 2
        // Whole panels of eight words, and no power of two, which would put all rows of a tile into the same places of the
        // cache.
        let rowStride = (words + 7) / 8 * 8 + 16
        let rows = max(32, blockWords / rowStride / 32 * 32)
        count = min((operands.rows + 15) / 16 * 16, rows)
        stride = isByColumns ? count : rowStride
    }

    func round(_ operands: ProductOperands, _ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        guard isTransposed else {
            BFloat16.build.roundRows(of: operands, range, wordCount: words, into: target, stride: stride)
            return
        }
        for row in Swift.stride(from: range.lowerBound, to: range.upperBound, by: FeatureMap.lane) {
            let place = row - range.lowerBound
            if isByColumns {
                BFloat16.build.pairSteps(
                    operands.a + row, depth: depth, stride: operands.stepStride, wordCount: words,
                    into: target + place, targetStride: stride)
            } else {
                MatrixUnitProduct.pairColumns(
                    operands.a + row, depth: depth, stride: operands.stepStride, wordCount: words,
                    into: target + place * stride, targetStride: stride)
            }
        }
    }
}
