import Products
import Tensors

/// The sums of a head over a band: the products q kᵀ and the squared norms.
extension ChannelAttention {
    /// In int8, q and k become integers once all pixels of a band are known.
    var depthwisePrecision: Precision { precision == .int8 ? .float32 : precision }

    /// Floats from a panel of a head to the next one.
    func headPanelStride(pixelCount: Int) -> Int {
        // In int8 a panel's words fill whole tiles of the matrix unit, even if there are few.
        max(pixelCount, precision == .int8 ? Self.wordMultiple : 0) * FeatureMap.lane
    }

    /// In int8, words along a product's depth come in multiples of what the matrix unit takes at once.
    private static let wordMultiple = 16
    private static func wordCount(_ pixelCount: Int) -> Int {
        let words = Precision.int8.operandWordCount(pixelCount)
        return (words + wordMultiple - 1) / wordMultiple * wordMultiple
    }

    /// The number of floats for one head's q and k in a band, and for their operands.
    func headScratchCount(pixelCount: Int) -> Int {
        let panels = 2 * panelsPerHead * headPanelStride(pixelCount: pixelCount)
        guard precision == .int8 else { return panels }
        return panels
            + panelsPerHead * (FeatureMap.lane * (Self.wordCount(pixelCount) + 1) + ProductScales.panelStride)
    }

    /// Adds the products and the squared norms of a band.
    ///
    /// - Parameters:
    ///   - panels: q's, then k's, `headPanelStride` apart; in int8 they are overwritten.
    ///   - count: words of each channel: pixels, or pairs of them in bfloat16.
    ///   - sums: `headSumCount` floats.
    func addSums(of panels: UnsafeMutablePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>) {
        let lane = FeatureMap.lane
        let stride = headPanelStride(pixelCount: count)
        let norms = sums + paddedHeadWidth * paddedHeadWidth
        for panel in 0..<2 * panelsPerHead {
            let (panel, sums) = (UnsafePointer(panels + panel * stride), norms + panel * lane)
            if depthwisePrecision == .float32 {
                Depthwise3x3.addSquares(panel, count: count, to: sums)
            } else {
                BFloat16.build.addSquares(panel, count: count, to: sums)
            }
        }
        let keys = panels + panelsPerHead * stride
        if precision == .int8 {
            addQuantizedProducts(panels, keys, count: count, stride: stride, to: sums)
            return
        }
        for panel in 0..<panelsPerHead {
            let out = sums + panel * lane * paddedHeadWidth
            Product.multiply(
                ProductOperands(
                    rows: lane, depth: count, panelCount: panelsPerHead,
                    a: UnsafePointer(panels + panel * stride), rowStride: 1, stepStride: lane,
                    weights: UnsafePointer(keys), weightPanelStride: stride,
                    out: out, outStride: paddedHeadWidth, outPanelStride: lane,
                    addend: UnsafePointer(out), addendStride: paddedHeadWidth, addendPanelStride: lane),
                in: precision)
        }
    }

    /// Adds the products of q and k, whose channels have one scale each for all pixels of the band.
    private func addQuantizedProducts(
        _ queries: UnsafeMutablePointer<Float>, _ keys: UnsafeMutablePointer<Float>, count: Int, stride: Int,
        to sums: UnsafeMutablePointer<Float>
    ) {
        let lane = FeatureMap.lane
        let words = Self.wordCount(count)
        let columns = keys + panelsPerHead * stride
        let scales = columns + panelsPerHead * ProductScales.panelStride
        let rows = scales + panelsPerHead * lane
        for panel in 0..<panelsPerHead {
            Int8Operands.build.quantizeRows(
                queries + panel * stride, count: count, wordCount: words, into: rows + panel * lane * words,
                scales: scales + panel * lane)
            let key = keys + panel * stride
            Int8Operands.build.quantizeColumns(
                key, depth: count, panelCount: 1, columns: columns + panel * ProductScales.panelStride)
            let filled = Precision.int8.operandWordCount(count)
            (key + filled * lane).update(repeating: 0, count: (words - filled) * lane)
        }
        Product.multiply(
            ProductOperands(
                rows: paddedHeadWidth, depth: words, panelCount: panelsPerHead,
                a: UnsafePointer(rows), rowStride: words,
                weights: UnsafePointer(keys), weightPanelStride: stride,
                out: sums, outStride: paddedHeadWidth, outPanelStride: lane,
                addend: UnsafePointer(sums), addendStride: paddedHeadWidth, addendPanelStride: lane,
                scales: ProductScales(rows: UnsafePointer(scales), columns: UnsafePointer(columns))),
            in: .int8)
    }
}
