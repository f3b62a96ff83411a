import Products
import Tensors

/// A view of features in bfloat16, with two neighbouring channels in a word, as the rows of products with weights. A pixel has
/// the 16 words of two panels; in the last two, the second half may be unused.
struct ChannelPairPanels: @unchecked Sendable {
    // Unchecked because a view does not own its memory, and concurrent tasks write disjoint panels.

    let base: UnsafeMutablePointer<Float>
    let pixelCount: Int

    /// Words from pixel to pixel.
    static let pixelStride = FeatureMap.lane

    init(_ run: FloatRun, pixelCount: Int) {
        base = run.base
        self.pixelCount = pixelCount
    }

    /// The number of floats in some panels.
    static func count(panels: Int, pixelCount: Int) -> Int { (panels + 1) / 2 * pixelCount * pixelStride }

    /// Words from two panels to the next two.
    var stride: Int { pixelCount * Self.pixelStride }

    /// Returns the first of a panel's eight words of a pixel.
    @inline(__always)
    func pixel(_ panel: Int, _ index: Int) -> UnsafeMutablePointer<Float> {
        base + panel / 2 * stride + index * Self.pixelStride + panel % 2 * (Self.pixelStride / 2)
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

    /// Adds the sums of a panel's 16 channels over all pixels to `sums`. Each pair of rows is summed first.
    func addSums(panel: Int, to sums: UnsafeMutablePointer<Float>) {
        for pair in 0..<rows.count {
            BFloat16.build.addHalves(row(panel, pair), count: rows.width, to: sums)
        }
    }
}
