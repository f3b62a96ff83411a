import Tensors

/// The interval of an image axis that a tile covers, in pixels.
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

/// Divides one image axis into overlapping intervals, and weights them at every pixel.
///
/// Intervals begin at multiples of `NetworkSide.unit`, because the network halves its input three times; a tile then has the
/// same pixel grid as the whole image. They are spread evenly, so that no narrow tile remains at the end. The last
/// one may be up to `NetworkSide.unit - 1` pixels shorter than the others.
package struct TileAxis: Sendable, Equatable {
    package let length: Int
    package let spans: [TileSpan]

    /// - Parameters:
    ///   - length: the number of pixels along the axis, at least 1.
    ///   - tile: the length of an interval in pixels, a positive multiple of `NetworkSide.unit`.
    ///   - overlap: the least number of pixels that neighbours share, a multiple of `NetworkSide.unit` and at
    ///     most half of `tile`.
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

    /// The weight of every interval at each of its pixels. The weights of all intervals at a pixel add up to one.
    ///
    /// A weight is the pixel's distance from the interval's nearer end (the ends of the image do not count), divided
    /// by the sum over the intervals that contain the pixel. It is linear across an overlap and almost zero where a
    /// tile ends, so that no step is visible there.
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
