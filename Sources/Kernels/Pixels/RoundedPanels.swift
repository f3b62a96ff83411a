import Products
import Tensors

/// A view of features in bfloat16, with two neighbouring channels in a word, as the rows of products with weights. The words
/// of a group of panels lie side by side in each pixel; in the last group some may be unused.
struct ChannelPairPanels: @unchecked Sendable {
    // Unchecked because a view does not own its memory, and concurrent tasks write disjoint panels.

    let base: UnsafeMutablePointer<Float>
    let pixelCount: Int
    /// The panels of a group.
    let groupSize: Int

    /// - Parameter groupSize: two panels fill the rows of the matrix unit's tiles.
    init(_ run: FloatRun, pixelCount: Int, groupSize: Int = 2) {
        base = run.base
        self.pixelCount = pixelCount
        self.groupSize = groupSize
    }

    /// The number of floats in some panels.
    static func count(panels: Int, pixelCount: Int, groupSize: Int = 2) -> Int {
        (panels + groupSize - 1) / groupSize * pixelCount * groupSize * wordCount
    }

    /// The words of a panel's pixel.
    private static let wordCount = FeatureMap.lane / 2

    /// Words from pixel to pixel, and from group to group.
    var pixelStride: Int { groupSize * Self.wordCount }
    var groupStride: Int { pixelCount * pixelStride }

    /// Returns the first of a panel's eight words of a pixel.
    @inline(__always)
    func pixel(_ panel: Int, _ index: Int) -> UnsafeMutablePointer<Float> {
        base + panel / groupSize * groupStride + index * pixelStride + panel % groupSize * Self.wordCount
    }
}

/// A view of features in bfloat16, with the values of two pixels above each other in a word, as the columns of sums over
/// pixels. A pair of pixels has 16 words.
struct RowPairPanels: @unchecked Sendable {
    // Unchecked because a view does not own its memory, and concurrent tasks write disjoint panels.

    let base: UnsafeMutablePointer<Float>
    let rows: RowPairs

    init(_ run: FloatRun, rows: RowPairs) {
        base = run.base
        self.rows = rows
    }

    /// The number of floats in some panels.
    static func count(panels: Int, rows: RowPairs) -> Int {
        panels * rows.count * rows.width * FeatureMap.lane
    }

    var panelStride: Int { Self.count(panels: 1, rows: rows) }

    /// Returns the first word of a pair of rows.
    @inline(__always)
    func row(_ panel: Int, _ pair: Int) -> UnsafeMutablePointer<Float> {
        base + panel * panelStride + pair * rows.width * FeatureMap.lane
    }

    /// Adds the sums of squares of a panel's 16 channels over all pixels to `sums`. Each pair of rows is summed first.
    func addSquares(panel: Int, to sums: UnsafeMutablePointer<Float>) {
        for pair in 0..<rows.count {
            BFloat16.build.addSquares(row(panel, pair), count: rows.width, to: sums)
        }
    }

    /// Adds `Σ_pixels x[pixel][r] · panel[pixel][j]` to (r, j) of each of some panels of `sums`, where x is another panel.
    ///
    /// - Parameter sums: (r, j) of panel p is at `r · sumStride + p · 16 + j`.
    func addSums(
        of panel: Int, with panels: Range<Int>, to sums: UnsafeMutablePointer<Float>, sumStride: Int
    ) {
        for chunk in 0..<rows.chunkCount {
            let pairs = rows.pairs(chunk)
            MixedProduct.multiplyRounded(
                ProductOperands(
                    rows: FeatureMap.lane, depth: pairs.count * rows.width, panelCount: panels.count,
                    a: UnsafePointer(row(panel, pairs.lowerBound)), rowStride: 1,
                    stepStride: FeatureMap.lane,
                    weights: UnsafePointer(row(panels.lowerBound, pairs.lowerBound)),
                    weightPanelStride: panelStride, out: sums, outStride: sumStride,
                    outPanelStride: FeatureMap.lane, addend: UnsafePointer(sums), addendStride: sumStride,
                    addendPanelStride: FeatureMap.lane))
        }
    }

    /// Adds the sums of a panel's 16 channels over all pixels to `sums`. Each pair of rows is summed first.
    func addSums(panel: Int, to sums: UnsafeMutablePointer<Float>) {
        for pair in 0..<rows.count {
            BFloat16.build.addHalves(row(panel, pair), count: rows.width, to: sums)
        }
    }
}
