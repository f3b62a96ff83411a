import Tensors

/// A rectangle of a feature map that one task processes from top to bottom.
package struct Strip: Sendable, Equatable {
    package let rows: Range<Int>
    package let columns: Range<Int>
    private let pixelsPerBand: Int

    package init(rows: Range<Int>, columns: Range<Int>, precision: Precision = .float32) {
        self.rows = rows
        self.columns = columns
        pixelsPerBand = Self.pixelsPerBand(in: precision)
    }

    /// The number of columns including their left and right neighbours.
    package var haloWidth: Int { columns.count + 2 }

    /// The number of rows that are processed at a time: enough pixels to make streaming the weights
    /// worthwhile, few enough to stay in the second-level cache.
    package var bandHeight: Int {
        max(1, min(rows.count, pixelsPerBand / haloWidth))
    }

    /// Measured: with half as many, a pass takes up to 3 % longer in float32 and 10 to 15 % in the other precisions, whose
    /// products take less time for each call and whose pixels take half the memory.
    private static func pixelsPerBand(in precision: Precision) -> Int { precision == .float32 ? 272 : 544 }

    /// The number of pixels in the largest region that a band of this strip needs.
    var largestRegionPixelCount: Int { (bandHeight + 2) * haloWidth }
}

/// The strips of a feature map. They depend only on its size, so sums over a strip, and with them every bit of the
/// result, are the same for any number of threads.
package struct StripGrid: Sendable, Equatable {
    package let strips: [Strip]
    /// The most pixels in a band of any strip, including its borders, to size scratch memory.
    package let largestBandPixelCount: Int
    package let largestHaloWidth: Int

    /// The number of columns of a strip. One row of hidden features of the published network at full
    /// resolution (512 channels) and the two rows before it fit into the second-level cache.
    static let columnTarget = 64
    /// The fewest rows of a strip once a map has two strips, because the rows beyond its borders are computed twice.
    static let smallestRowCount = 64
    /// The most rows of a strip, because progress is reported per strip.
    static let largestRowCount = 512
    /// The fewest strips of a map if its size allows, so that every core has work.
    static let stripTarget = 8
    /// The fewest rows of half a map, because fewer are not worth another thread.
    static let smallestHalf = 8

    package init(height: Int, width: Int, precision: Precision = .float32) {
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
                        columns: Self.part(column, of: columnCount, length: width), precision: precision))
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
