// The other builds use this file through symbolic links, each with its own `Vector`.

#if !NARROW_PRODUCTS
    import Products
#endif

/// The product on the registers of this build.
package enum PanelProduct {
    /// Computes `operands`. The outer loops run over panels, so that the weights of two or three stay in the first-level
    /// cache while the rows stream past them.
    @export(interface)
    @inline(never)
    package static func multiply(_ operands: ProductOperands) {
        let isContiguous =
            operands.segmentCount == 1 && operands.stepStride == 1 && operands.weightStepStride == 16
        let threes = panelsInThrees(operands)
        var rest = operands
        if threes > 0 {
            rest.skipRows(
                isContiguous ? contiguousThrees(operands, threes) : segmentedThrees(operands, threes))
            rest.panelCount = threes
            if rest.rows > 0 {
                multiplyPairs(rest, isContiguous)
            }
            rest = operands
            rest.skipPanels(threes)
        }
        if rest.panelCount > 0 {
            multiplyPairs(rest, isContiguous)
        }
    }

    /// Returns how many panels are computed three at a time, which takes fewer loads. A single one that was left would
    /// take more.
    @inline(__always)
    private static func panelsInThrees(_ operands: ProductOperands) -> Int {
        let count = operands.panelCount
        guard Panels.hasTilesOfThree, operands.rows >= 8, count >= 3, count != 4 else { return 0 }
        return count % 3 == 1 ? count - 4 : count - count % 3
    }

    @inline(__always)
    private static func multiplyPairs(_ operands: ProductOperands, _ isContiguous: Bool) {
        if isContiguous {
            contiguousPairs(operands)
        } else {
            segmentedPairs(operands)
        }
    }

    @inline(never)
    private static func contiguousThrees(_ operands: ProductOperands, _ panelCount: Int) -> Int {
        threes(operands, panelCount, .contiguous(operands))
    }

    @inline(never)
    private static func segmentedThrees(_ operands: ProductOperands, _ panelCount: Int) -> Int {
        threes(operands, panelCount, .segmented(operands))
    }

    @inline(never)
    private static func contiguousPairs(_ operands: ProductOperands) {
        pairs(operands, .contiguous(operands))
    }

    @inline(never)
    private static func segmentedPairs(_ operands: ProductOperands) { pairs(operands, .segmented(operands)) }

    /// Computes `panelCount` panels three at a time and as many rows as there are groups of eight, and returns the number
    /// of these rows.
    @inline(__always)
    private static func threes(_ operands: ProductOperands, _ panelCount: Int, _ steps: DepthSteps) -> Int {
        for panel in stride(from: 0, to: panelCount, by: 3) {
            let tile = tile(operands, panel, steps)
            var target = TileTarget(operands, panel: panel)
            var third = TileTarget(operands, panel: panel + 2)
            var a = operands.a
            for _ in 0..<operands.rows / 8 {
                tile.eightOfThreePanels(a, target, third)
                a += 8 * operands.rowStride
                target.advance(rows: 8)
                third.advance(rows: 8)
            }
        }
        return operands.rows / 8 * 8
    }

    @inline(__always)
    private static func pairs(_ operands: ProductOperands, _ steps: DepthSteps) {
        var panel = 0
        while panel + Panels.perTile <= operands.panelCount {
            panelRows(operands, panel, steps)
            panel += Panels.perTile
        }
        while panel < operands.panelCount {
            oddPanelRows(operands, panel, steps)
            panel += 1
        }
    }

    @inline(__always)
    private static func tile(_ operands: ProductOperands, _ panel: Int, _ steps: DepthSteps) -> Tile {
        Tile(
            rows: operands.rowOffsets, weights: operands.weights + panel * operands.weightPanelStride,
            weightHigh: Panels.high(operands.weightPanelStride), steps: steps)
    }

    @inline(__always)
    private static func panelRows(_ operands: ProductOperands, _ panel: Int, _ steps: DepthSteps) {
        let tile = tile(operands, panel, steps)
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
    private static func oddPanelRows(_ operands: ProductOperands, _ panel: Int, _ steps: DepthSteps) {
        let tile = tile(operands, panel, steps)
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
