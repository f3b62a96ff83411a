import Tensors

/// A rectangle of a feature map that one task works through from top to bottom.
package struct Strip: Sendable, Equatable {
    package let rows: Range<Int>
    package let columns: Range<Int>

    package init(rows: Range<Int>, columns: Range<Int>) {
        self.rows = rows
        self.columns = columns
    }

    /// Columns with their left and right neighbours.
    package var haloWidth: Int { columns.count + 2 }

    /// Rows that are worked on at a time: enough pixels to pay for streaming the weights past them, few enough
    /// to stay in the second-level cache.
    package var bandHeight: Int {
        max(1, min(rows.count, Self.pixelsPerBand / haloWidth))
    }

    static let pixelsPerBand = 272

    /// Pixels of the largest region that a band of this strip needs.
    var largestRegionPixelCount: Int { (bandHeight + 2) * haloWidth }
}

/// The strips of a feature map. They depend on its size alone, never on the number of threads, so that sums over
/// a strip, and with them every bit of the result, are the same however many threads there are.
package struct StripGrid: Sendable, Equatable {
    package let strips: [Strip]
    /// The most pixels that a band of any strip has, its borders included, for sizing scratch.
    package let largestBandPixelCount: Int
    package let largestHaloWidth: Int

    /// Columns of a strip: one row's hidden features of the published network at full resolution (512 channels)
    /// and the two before it fit into the second-level cache.
    static let columnTarget = 64
    /// Rows of a strip, at least, once a map has two strips: the rows beyond its borders are computed twice.
    static let smallestRowCount = 64
    /// Rows of a strip at most: progress is reported by strips.
    static let largestRowCount = 512
    /// Strips of a map, at least, where its size allows: work for every core.
    static let stripTarget = 8
    /// Half a map of fewer rows is not worth another thread.
    static let smallestHalf = 8

    package init(height: Int, width: Int) {
        let columnCount = max(1, (width + Self.columnTarget / 2) / Self.columnTarget)
        let wanted = max(1, (Self.stripTarget + columnCount - 1) / columnCount)
        let most = max(1, height / Self.smallestRowCount, min(2, height / Self.smallestHalf))
        let rowCount = max(min(wanted, most), (height + Self.largestRowCount - 1) / Self.largestRowCount)
        var strips: [Strip] = []
        for row in 0..<rowCount {
            for column in 0..<columnCount {
                strips.append(
                    Strip(
                        rows: Self.part(row, of: rowCount, length: height),
                        columns: Self.part(column, of: columnCount, length: width)))
            }
        }
        self.strips = strips
        largestBandPixelCount = strips.map(\.largestRegionPixelCount).max() ?? 0
        largestHaloWidth = strips.map(\.haloWidth).max() ?? 0
    }

    private static func part(_ index: Int, of count: Int, length: Int) -> Range<Int> {
        index * length / count..<(index + 1) * length / count
    }
}
