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
    /// storing the sums.
    @inline(__always)
    static func takes(_ operands: ProductOperands) -> Bool {
        operands.stepStride == 1 && operands.depth * operands.segmentCount >= MatrixUnit.fewestWords
    }

    /// Computes `operands` on the unit, or as `MatrixUnit.multiplyOther` does if it does not take them.
    @inline(never)
    package static func multiply(_ operands: ProductOperands) {
        guard takes(operands), let memory = matrix_unit_memory() else {
            MatrixUnit.multiplyOther(operands)
            return
        }
        let words = wordsPerStep(operands.depth)
        guard MatrixUnit.addsFloats && operands.targetForm == .floats else {
            multiplyAside(operands, words: words, memory)
            return
        }
        // Nothing may be added to a row twice, so rows that do not fill tiles come by themselves if they are the addend.
        let addsToItself = operands.addend == UnsafePointer(operands.out)
        let wholes = addsToItself ? operands.rows / tileRows * tileRows : operands.rows
        multiplyInPlace(operands, 0..<wholes, words: words)
        multiplyInPlace(operands, wholes..<operands.rows, words: words)
    }

    /// Whether the unit can compute runs of `length` rows without reaching into the gaps between their results.
    package static func fills(_ length: Int, by operands: ProductOperands) -> Bool {
        MatrixUnit.addsFloats && takes(operands) && length % tileRows == 0
    }

    /// Computes rows whose results have a gap after each run of them, see `fills`. The addend is the same for all rows.
    ///
    /// - Parameters:
    ///   - runLength: rows of the operands.
    ///   - runGap: words.
    @inline(never)
    package static func multiply(_ operands: ProductOperands, runLength: Int, runGap: Int) {
        multiplyInPlace(
            operands, 0..<operands.rows, words: wordsPerStep(operands.depth), runLength: runLength,
            runGap: runGap)
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

    /// A block's place. Its last tiles reach back into rows of the tiles before, rather than beyond the last row.
    private struct Place {
        let panel: Int
        let hasBothPanels: Bool
        /// The first row of each tile.
        let first: Int
        let second: Int
        /// The rows that no block before has.
        let rows: Range<Int>
        var hasSecond: Bool { rows.count > tileRows }
    }

    /// Calls `body` with the blocks, which lack their sums' places.
    @inline(__always)
    private static func forEachBlock(
        _ operands: ProductOperands, _ rows: Range<Int>, words: Int,
        _ body: (inout matrix_unit_block, Place) -> Void
    ) {
        guard !rows.isEmpty else { return }
        matrix_unit_begin(min(tileRows, rows.count), words)
        var block = matrix_unit_block()
        block.row_stride = 4 * operands.rowStride
        block.column_stride = 4 * operands.weightStepStride
        block.words = words
        block.steps = operands.depth / words
        block.segments = operands.segmentCount
        block.segment_jump = 4 * (operands.segmentStride - operands.depth)
        let last = max(rows.lowerBound, rows.upperBound - tileRows)
        for panel in stride(from: 0, to: operands.panelCount, by: Panels.perTile) {
            let hasBothPanels = panel + Panels.perTile <= operands.panelCount
            let columns = operands.weights + panel * operands.weightPanelStride
            block.columns = (
                UnsafeRawPointer(columns), UnsafeRawPointer(columns + operands.weightPanelStride)
            )
            block.column_halves = hasBothPanels ? 2 : 1
            for row in stride(from: rows.lowerBound, to: rows.upperBound, by: blockRows) {
                let place = Place(
                    panel: panel, hasBothPanels: hasBothPanels, first: min(row, last),
                    second: min(row + tileRows, last), rows: row..<min(row + blockRows, rows.upperBound))
                block.rows = (
                    UnsafeRawPointer(operands.a + place.first * operands.rowStride),
                    UnsafeRawPointer(operands.a + place.second * operands.rowStride)
                )
                block.row_halves = place.hasSecond ? 2 : 1
                body(&block, place)
            }
        }
    }

    /// Lets the unit add the products to the addend and store the sums in their places.
    @inline(__always)
    private static func multiplyInPlace(
        _ operands: ProductOperands, _ rows: Range<Int>, words: Int, runLength: Int = .max, runGap: Int = 0
    ) {
        forEachBlock(operands, rows, words: words) { block, place in
            let out = operands.out + place.panel * operands.outPanelStride
            let out0 = out + place.first * operands.outStride + place.first / runLength * runGap
            let out1 = out + place.second * operands.outStride + place.second / runLength * runGap
            let addend = operands.addend + place.panel * operands.addendPanelStride
            let addend0 = addend + place.first * operands.addendStride
            let addend1 = addend + place.second * operands.addendStride
            block.first = (
                UnsafeRawPointer(addend0), UnsafeRawPointer(addend0 + operands.addendPanelStride),
                UnsafeRawPointer(addend1), UnsafeRawPointer(addend1 + operands.addendPanelStride)
            )
            block.first_stride = 4 * operands.addendStride
            block.sums = (
                UnsafeMutableRawPointer(out0), UnsafeMutableRawPointer(out0 + operands.outPanelStride),
                UnsafeMutableRawPointer(out1), UnsafeMutableRawPointer(out1 + operands.outPanelStride)
            )
            block.sum_stride = 4 * operands.outStride
            MatrixUnit.multiply(&block)
        }
    }

    /// Stores the sums in memory of the thread, and brings them to their places while the unit multiplies the next block.
    @inline(__always)
    private static func multiplyAside(
        _ operands: ProductOperands, words: Int, _ memory: UnsafeMutablePointer<Float>
    ) {
        var (sums, written) = (memory, memory + 4 * tileCount)
        var before: Place?
        forEachBlock(operands, 0..<operands.rows, words: words) { block, place in
            block.sums = (
                UnsafeMutableRawPointer(sums), UnsafeMutableRawPointer(sums + tileCount),
                UnsafeMutableRawPointer(sums + 2 * tileCount), UnsafeMutableRawPointer(sums + 3 * tileCount)
            )
            block.sum_stride = 4 * 16
            MatrixUnit.multiply(&block)
            if let before { write(written, at: before, of: operands) }
            before = place
            swap(&sums, &written)
        }
        if let before { write(written, at: before, of: operands) }
    }

    @inline(__always)
    private static func write(
        _ sums: UnsafeMutablePointer<Float>, at place: Place, of operands: ProductOperands
    ) {
        var target = TileTarget(operands, panel: place.panel)
        target.advance(rows: place.first)
        let middle = min(place.rows.lowerBound + tileRows, place.rows.upperBound)
        write(
            sums, target, lines: place.rows.lowerBound - place.first..<middle - place.first,
            hasBoth: place.hasBothPanels)
        guard place.hasSecond else { return }
        target.advance(rows: place.second - place.first)
        write(
            sums + 2 * tileCount, target, lines: middle - place.second..<place.rows.upperBound - place.second,
            hasBoth: place.hasBothPanels)
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
