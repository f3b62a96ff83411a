import Glibc
import Tensors

/// Some rows of a strip, with the border that a 3×3 neighbourhood needs. Row 0 of a band's region is the row
/// above its first output row; column 0 is the left neighbour of the strip's first column.
package struct Band {
    package let strip: Strip
    /// The first output row and the number of output rows.
    package let y: Int
    package let rowCount: Int
    package let imageHeight: Int
    package let imageWidth: Int

    package var haloWidth: Int { strip.haloWidth }
    package var isFirst: Bool { y == strip.rows.lowerBound }
    package var isLast: Bool { y + rowCount == strip.rows.upperBound }

    /// Calls `body` with the output rows in pairs, and with the last one alone if their number is odd. A lazy
    /// sequence would allocate its closure on the heap.
    @inline(__always)
    func forEachRowPair(_ body: (Range<Int>) -> Void) {
        var row = 0
        while row < rowCount {
            body(row..<min(row + 2, rowCount))
            row += 2
        }
    }

    /// The image rows from `y − 1` to `y + rowCount` that this band must compute. The previous band provides two of
    /// them, and rows outside the image are omitted.
    package var newRows: Range<Int> {
        let first = isFirst ? y - 1 : y + 1
        let lower = max(first, 0)
        return lower..<max(lower, min(y + rowCount + 1, imageHeight))
    }

    /// The offset in pixels of the first new row in the region.
    package var newPixelOffset: Int { (newRows.lowerBound - (y - 1)) * haloWidth }
    package var newPixelCount: Int { newRows.count * haloWidth }

    /// Calls `body` with the bands of a strip from the top.
    package static func forEach(in strip: Strip, of map: FeatureMap, _ body: (Band) -> Void) {
        var y = strip.rows.lowerBound
        while y < strip.rows.upperBound {
            let count = min(strip.bandHeight, strip.rows.upperBound - y)
            body(
                Band(strip: strip, y: y, rowCount: count, imageHeight: map.height, imageWidth: map.width))
            y += count
        }
    }

    /// The columns of the region that are inside the image.
    private var existingColumns: Range<Int> {
        max(strip.columns.lowerBound - 1, 0)..<min(strip.columns.upperBound + 1, imageWidth)
    }

    /// Calls `body(image pixel, region pixel index relative to the new rows, count)` for each new row's run of
    /// existing columns.
    func forEachNewRun(of map: FeatureMap, _ body: (UnsafeMutablePointer<Float>, Int, Int) -> Void) {
        let columns = existingColumns
        let shift = columns.lowerBound - (strip.columns.lowerBound - 1)
        for (index, row) in newRows.enumerated() {
            body(map.pixel(row, columns.lowerBound), index * haloWidth + shift, columns.count)
        }
    }

    /// Zeroes the parts of a region that lie outside the image.
    ///
    /// - Parameter region: `rowCount + 2` rows of `haloWidth` pixels of `stride` floats.
    func zeroOutside(_ region: UnsafeMutablePointer<Float>, stride: Int) {
        let rowFloats = haloWidth * stride
        if isFirst && y == 0 {
            memset(region, 0, rowFloats * 4)
        }
        if y + rowCount == imageHeight {
            memset(region + (rowCount + 1) * rowFloats, 0, rowFloats * 4)
        }
        let touchesLeft = strip.columns.lowerBound == 0
        let touchesRight = strip.columns.upperBound == imageWidth
        guard touchesLeft || touchesRight else { return }
        for row in 0..<rowCount + 2 {
            let start = region + row * rowFloats
            if touchesLeft { memset(start, 0, stride * 4) }
            if touchesRight { memset(start + rowFloats - stride, 0, stride * 4) }
        }
    }
}
