import Tensors

/// Divides an image into overlapping tiles, and combines their results into one image.
///
/// Attention in this network mixes the whole image, so results in tiles differ from that of the whole image.
/// The overlaps are blended without a visible seam (see `TileAxis.shares`). The memory depends on the tile.
package struct TilePlan: Sendable, Equatable {
    /// The smallest tile; smaller ones show too little. It is also half of the usual training patch.
    package static let minimumTile = 64
    /// The default overlap in pixels.
    package static let defaultOverlap = 32

    package let rows: TileAxis
    package let columns: TileAxis

    /// - Parameters:
    ///   - tile: the width and height of a tile in pixels, rounded up to a multiple of 8.
    ///   - overlap: the least number of pixels shared with each neighbour, rounded up to a multiple of 8 and
    ///     at most half of the tile.
    package init(height: Int, width: Int, tile: Int, overlap: Int) {
        let side = NetworkSide.roundedUp(tile)
        let shared = min(NetworkSide.roundedUp(overlap), side / 2 / NetworkSide.unit * NetworkSide.unit)
        rows = TileAxis(length: height, tile: side, overlap: shared)
        columns = TileAxis(length: width, tile: side, overlap: shared)
    }

    package var tileCount: Int { rows.spans.count * columns.spans.count }

    /// The pixels of all tiles together.
    package var pixelCount: Int {
        rows.spans.reduce(0) { $0 + $1.count } * columns.spans.reduce(0) { $0 + $1.count }
    }

    /// Height and width of the largest tile.
    package var largestTile: (height: Int, width: Int) {
        (rows.spans.map(\.count).max() ?? 0, columns.spans.map(\.count).max() ?? 0)
    }

    /// Restores every tile of a (C, H, W) image with `body` and blends the results into one of the same shape.
    ///
    /// `body` gets (C, h, w) and must return the same shape. Tiles come in rows from the top left. The result of a
    /// single tile is returned unchanged.
    package func run<Failure: Error>(
        _ image: ImageTensor, body: (ImageTensor) throws(Failure) -> ImageTensor
    ) throws(Failure) -> ImageTensor {
        precondition(
            image.height == rows.length && image.width == columns.length, "TilePlan: another image's plan")
        if tileCount == 1 {
            return try body(image)
        }
        var result = ImageTensor(channels: image.channels, height: image.height, width: image.width)
        let columnShares = columns.shares()
        for (row, rowShare) in zip(rows.spans, rows.shares()) {
            for (column, columnShare) in zip(columns.spans, columnShares) {
                let restored = try body(image.cropped(rows: row.range, columns: column.range))
                precondition(
                    restored.height == row.count && restored.width == column.count
                        && restored.channels == image.channels, "TilePlan: body changed a tile's shape")
                result.accumulate(
                    restored, atRow: row.start, column: column.start, rowShares: rowShare,
                    columnShares: columnShare)
            }
        }
        return result
    }
}

extension ImageTensor {
    /// Returns a copy of the (C, rows, columns) part of the image.
    func cropped(rows: Range<Int>, columns: Range<Int>) -> ImageTensor {
        var cut: [Float] = []
        cut.reserveCapacity(channels * rows.count * columns.count)
        for channel in 0..<channels {
            for row in rows {
                let start = (channel * height + row) * width
                cut.append(contentsOf: values[start + columns.lowerBound..<start + columns.upperBound])
            }
        }
        return ImageTensor(channels: channels, height: rows.count, width: columns.count, values: cut)
    }

    /// Adds a smaller image, weighted by the product of its row's and its column's weight.
    mutating func accumulate(
        _ tile: ImageTensor, atRow top: Int, column left: Int, rowShares: [Float], columnShares: [Float]
    ) {
        for channel in 0..<channels {
            for row in 0..<tile.height {
                let source = (channel * tile.height + row) * tile.width
                let target = (channel * height + top + row) * width + left
                for column in 0..<tile.width {
                    values[target + column] +=
                        tile.values[source + column] * rowShares[row] * columnShares[column]
                }
            }
        }
    }
}
