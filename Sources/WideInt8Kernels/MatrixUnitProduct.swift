// The build for bfloat16 uses this file through a symbolic link, with its own `MatrixUnit`.

import CMatrixUnit
import Products

/// The product on the processor's matrix unit, in blocks of two panels and 32 rows. Every sum has the same bits however rows
/// and panels are cut into calls.
package enum MatrixUnitProduct {
    private static let tileRows = 16
    private static let tileCount = tileRows * 16
    private static let blockRows = Int(MATRIX_UNIT_BLOCK)

    /// Whether the unit computes this product. It loads rows whose words follow each other, and fewer words do not pay for
    /// what their sums cost on their way through memory. Tiles without rows are a fault.
    @inline(__always)
    static func takes(_ operands: ProductOperands) -> Bool {
        operands.stepStride == 1 && operands.rows > 0 && operands.depth * operands.segmentCount >= 12
    }

    /// Computes `operands` on the unit, or on vector registers if it does not take them.
    @inline(never)
    package static func multiply(_ operands: ProductOperands) {
        guard takes(operands) else {
            PanelProduct.multiply(operands)
            return
        }
        let words = wordsPerStep(operands.depth)
        matrix_unit_begin(min(tileRows, operands.rows), words)
        var block = InlineArray<64, SIMD16<Float>>(repeating: .zero)
        withUnsafeMutableBytes(of: &block) { bytes in
            guard let sums = bytes.assumingMemoryBound(to: Float.self).baseAddress else { return }
            for panel in stride(from: 0, to: operands.panelCount, by: Panels.perTile) {
                panelRows(operands, panel: panel, words: words, sums: sums)
            }
        }
        matrix_unit_end()
    }

    package static func spin(stepCount: Int) -> Int {
        matrix_unit_begin(tileRows, 16)
        MatrixUnit.spin(stepCount)
        matrix_unit_end()
        return 2 * stepCount * 4 * tileCount * 16 * MatrixUnit.valuesPerWord
    }

    /// All steps take as many words, because the shapes of tiles are set once.
    private static func wordsPerStep(_ depth: Int) -> Int {
        var words = min(depth, 16)
        while depth % words != 0 { words -= 1 }
        return words
    }

    @inline(__always)
    private static func panelRows(
        _ operands: ProductOperands, panel: Int, words: Int, sums: UnsafeMutablePointer<Float>
    ) {
        let hasBoth = panel + Panels.perTile <= operands.panelCount
        let columns = operands.weights + panel * operands.weightPanelStride
        var target = TileTarget(operands, panel: panel)
        let rowStride = operands.rowStride
        var block = matrix_unit_block()
        block.columns = (
            UnsafeRawPointer(columns), UnsafeRawPointer(columns + (hasBoth ? operands.weightPanelStride : 0))
        )
        block.row_stride = 4 * rowStride
        block.column_stride = 4 * operands.weightStepStride
        block.words = words
        block.steps = operands.depth / words
        block.segments = operands.segmentCount
        block.segment_jump = 4 * (operands.segmentStride - operands.depth)
        let lastTile = max(0, operands.rows - tileRows)
        var row = 0
        while row < operands.rows {
            // The last tiles reach back into rows that are written already, rather than beyond the last row.
            let (first, second) = (min(row, lastTile), min(row + tileRows, lastTile))
            block.rows = (
                UnsafeRawPointer(operands.a + first * rowStride),
                UnsafeRawPointer(operands.a + second * rowStride)
            )
            MatrixUnit.multiply(&block, sums)
            let count = min(blockRows, operands.rows - row)
            for index in 0..<count {
                let isFirst = index < tileRows
                let line = row + index - (isFirst ? first : second)
                let low = sums + (isFirst ? 0 : 2 * tileCount) + line * 16
                if hasBoth {
                    target.write(index, load(low), load(low + tileCount))
                } else {
                    target.writeLow(index, load(low))
                }
            }
            target.advance(rows: count)
            row += count
        }
    }
}
