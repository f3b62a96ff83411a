import Tensors

/// The stretch of one image axis that a tile covers, in pixels.
package struct TileSpan: Sendable, Equatable {
    package let start: Int
    package let count: Int

    package var end: Int { start + count }
    package var range: Range<Int> { start..<end }

    package init(start: Int, count: Int) {
        self.start = start
        self.count = count
    }
}

/// How one image axis is cut into overlapping stretches and how much each of them counts at every pixel.
///
/// Stretches begin at multiples of `NetworkSide.unit`, because the network halves its input three times: a tile then
/// sees the same pixel grid as the whole image would. They are spread evenly, so that no narrow tile is left at
/// the end; the last one may be up to `NetworkSide.unit - 1` pixels shorter than the others.
package struct TileAxis: Sendable, Equatable {
    package let length: Int
    package let spans: [TileSpan]

    /// - Parameters:
    ///   - length: pixels along the axis, at least 1.
    ///   - tile: pixels of a stretch, a positive multiple of `NetworkSide.unit`.
    ///   - overlap: pixels that neighbours share at least, a multiple of `NetworkSide.unit`, at most half of `tile`.
    package init(length: Int, tile: Int, overlap: Int) {
        precondition(length >= 1, "TileAxis: length \(length)")
        precondition(tile >= NetworkSide.unit && tile % NetworkSide.unit == 0, "TileAxis: tile \(tile)")
        precondition(
            overlap >= 0 && overlap % NetworkSide.unit == 0 && overlap <= tile / 2,
            "TileAxis: overlap \(overlap)")
        self.length = length
        guard length > tile else {
            spans = [TileSpan(start: 0, count: length)]
            return
        }
        let unit = NetworkSide.unit
        let lastStart = (length - tile + unit - 1) / unit
        let longestStep = (tile - overlap) / unit
        let stepCount = (lastStart + longestStep - 1) / longestStep
        spans = (0...stepCount).map { index in
            let start = unit * (index * lastStart / stepCount)
            return TileSpan(start: start, count: min(tile, length - start))
        }
    }

    /// The share of every stretch at each of its pixels; over all stretches the shares of a pixel add up to one.
    ///
    /// A stretch counts by its pixels' distance from its nearer end (the ends of the image do not count as
    /// ends), divided by the sum over the stretches that hold the pixel: linear across an overlap, and next to
    /// nothing where a tile ends, so that no step shows there.
    package func shares() -> [[Float]] {
        let raw = spans.map { span in
            span.range.map { position -> Float in
                let before = span.start == 0 ? length : position - span.start
                let after = span.end == length ? length : span.end - 1 - position
                return Float(min(before, after)) + 0.5
            }
        }
        var sums = [Float](repeating: 0, count: length)
        for (span, weights) in zip(spans, raw) {
            for (position, weight) in zip(span.range, weights) {
                sums[position] += weight
            }
        }
        return zip(spans, raw).map { span, weights in
            zip(span.range, weights).map { position, weight in weight / sums[position] }
        }
    }
}
