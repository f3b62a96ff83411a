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

    /// Computes `operands` on the unit, or as `MatrixUnit.multiplyOther` does if it does not take them. The sums of a block
    /// are written while the unit multiplies the next one.
    @inline(never)
    package static func multiply(_ operands: ProductOperands) {
        guard takes(operands), let memory = matrix_unit_memory() else {
            MatrixUnit.multiplyOther(operands)
            return
        }
        let words = wordsPerStep(operands.depth)
        matrix_unit_begin(min(tileRows, operands.rows), words)
        var (sums, written) = (memory, memory + 4 * tileCount)
        var before: Place?
        for panel in stride(from: 0, to: operands.panelCount, by: Panels.perTile) {
            var block = block(operands, panel: panel, words: words)
            for row in stride(from: 0, to: operands.rows, by: blockRows) {
                let place = Place(panel: panel, row: row, rows: operands.rows)
                block.rows = (
                    UnsafeRawPointer(operands.a + place.first * operands.rowStride),
                    UnsafeRawPointer(operands.a + place.second * operands.rowStride)
                )
                block.halves = place.hasSecond ? 2 : 1
                MatrixUnit.multiply(&block, sums)
                if let before { write(written, at: before, of: operands) }
                before = place
                swap(&sums, &written)
            }
        }
        if let before { write(written, at: before, of: operands) }
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

    /// What the blocks of two panels have in common.
    @inline(__always)
    private static func block(_ operands: ProductOperands, panel: Int, words: Int) -> matrix_unit_block {
        let columns = operands.weights + panel * operands.weightPanelStride
        let hasBoth = panel + Panels.perTile <= operands.panelCount
        var block = matrix_unit_block()
        block.columns = (
            UnsafeRawPointer(columns), UnsafeRawPointer(columns + (hasBoth ? operands.weightPanelStride : 0))
        )
        block.row_stride = 4 * operands.rowStride
        block.column_stride = 4 * operands.weightStepStride
        block.words = words
        block.steps = operands.depth / words
        block.segments = operands.segmentCount
        block.segment_jump = 4 * (operands.segmentStride - operands.depth)
        return block
    }

    /// A block's place. Its last tiles reach back into rows that are written already, rather than beyond the last row.
    private struct Place {
        let panel: Int
        let row: Int
        /// The first row of each tile.
        let first: Int
        let second: Int
        let hasSecond: Bool

        @inline(__always)
        init(panel: Int, row: Int, rows: Int) {
            self.panel = panel
            self.row = row
            let last = max(0, rows - tileRows)
            first = min(row, last)
            second = min(row + tileRows, last)
            hasSecond = row + tileRows < rows
        }
    }

    @inline(__always)
    private static func write(
        _ sums: UnsafeMutablePointer<Float>, at place: Place, of operands: ProductOperands
    ) {
        var target = TileTarget(operands, panel: place.panel)
        target.advance(rows: place.first)
        let hasBoth = place.panel + Panels.perTile <= operands.panelCount
        write(sums, target, lines: place.row - place.first..<min(tileRows, operands.rows), hasBoth: hasBoth)
        guard place.hasSecond else { return }
        target.advance(rows: place.second - place.first)
        write(
            sums + 2 * tileCount, target, lines: place.row + tileRows - place.second..<tileRows,
            hasBoth: hasBoth)
    }

    /// Writes lines of the tiles of one half of the rows; line 0 goes to the target's first row.
    @inline(__always)
    private static func write(
        _ sums: UnsafeMutablePointer<Float>, _ target: TileTarget, lines: Range<Int>, hasBoth: Bool
    ) {
        if hasBoth {
            for line in lines {
                target.write(line, load(sums + line * 16), load(sums + tileCount + line * 16))
            }
        } else {
            for line in lines { target.writeLow(line, load(sums + line * 16)) }
        }
    }
}
