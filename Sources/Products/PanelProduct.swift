// The other builds use this file through symbolic links, each with its own `Vector`.

#if !NARROW_PRODUCTS
    import Products
#endif

/// The product on the registers of this build.
package enum PanelProduct {
    /// Computes `operands`. The outer loop runs over panels, so that a panel of weights stays in the
    /// first-level cache while the rows stream past it.
    @export(interface)
    @inline(never)
    package static func multiply(_ operands: ProductOperands) {
        if operands.segmentCount == 1 && operands.weightStepStride == 16 {
            // Constants remove the loops over segments, and with them 4 % of the instructions of small products.
            panels(operands, Segments(count: 1, jump: 0, weightStep: 16))
        } else {
            multiplySegments(operands)
        }
    }

    @inline(never)
    private static func multiplySegments(_ operands: ProductOperands) {
        panels(
            operands,
            Segments(
                count: operands.segmentCount,
                jump: operands.segmentStride - operands.depth * operands.stepStride,
                weightStep: operands.weightStepStride))
    }

    @inline(__always)
    private static func panels(_ operands: ProductOperands, _ segments: Segments) {
        var panel = 0
        while panel + Panels.perTile <= operands.panelCount {
            panelRows(operands, panel, segments)
            panel += Panels.perTile
        }
        while panel < operands.panelCount {
            oddPanelRows(operands, panel, segments)
            panel += 1
        }
    }

    @inline(__always)
    private static func tile(_ operands: ProductOperands, _ panel: Int, _ segments: Segments) -> Tile {
        Tile(
            depth: operands.depth, rows: operands.rowOffsets, stepStride: operands.stepStride,
            weights: operands.weights + panel * operands.weightPanelStride,
            weightHigh: Panels.high(operands.weightPanelStride), weightStep: segments.weightStep,
            segmentCount: segments.count, segmentJump: segments.jump)
    }

    @inline(__always)
    private static func panelRows(_ operands: ProductOperands, _ panel: Int, _ segments: Segments) {
        let tile = tile(operands, panel, segments)
        var target = TileTarget(operands, panel: panel)
        var a = operands.a
        var rows = operands.rows
        // A group has as many rows as the registers hold: 12 × 2 of 32, or 6 × 2 of 16.
        if Panels.perTile == 2 {
            while rows >= 12 {
                tile.twelve(a, target)
                a += 12 * operands.rowStride
                target.advance(rows: 12)
                rows -= 12
            }
            if rows >= 8 {
                tile.eight(a, target)
                a += 8 * operands.rowStride
                target.advance(rows: 8)
                rows -= 8
            }
        } else {
            while rows >= 6 {
                tile.six(a, target)
                a += 6 * operands.rowStride
                target.advance(rows: 6)
                rows -= 6
            }
        }
        if rows >= 4 {
            tile.four(a, target)
            a += 4 * operands.rowStride
            target.advance(rows: 4)
            rows -= 4
        }
        if rows >= 2 {
            tile.two(a, target)
            a += 2 * operands.rowStride
            target.advance(rows: 2)
            rows -= 2
        }
        if rows >= 1 {
            tile.one(a, target)
        }
    }

    @inline(__always)
    private static func oddPanelRows(_ operands: ProductOperands, _ panel: Int, _ segments: Segments) {
        let tile = tile(operands, panel, segments)
        var target = TileTarget(operands, panel: panel)
        var a = operands.a
        var rows = operands.rows
        while rows >= 8 {
            tile.eightOfOnePanel(a, target)
            a += 8 * operands.rowStride
            target.advance(rows: 8)
            rows -= 8
        }
        while rows >= 1 {
            tile.oneOfOnePanel(a, target)
            a += operands.rowStride
            target.advance(rows: 1)
            rows -= 1
        }
    }
}

/// How a product's depth is traversed: `count` runs, `jump` floats from the end of one to the start of the next, and
/// `weightStep` floats from one depth's weights to the next's.
private struct Segments {
    let count: Int
    let jump: Int
    let weightStep: Int
}
