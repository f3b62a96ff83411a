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
    /// A weight rises like 3t² − 2t³ over what the interval shares with its neighbour, and is divided by the sum over
    /// the intervals that contain the pixel. It leaves zero and reaches one without a bend: where two tiles differ in
    /// tone, a weight linear in the distance would draw a line where a tile ends.
    package func shares() -> [[Float]] {
        let raw = spans.indices.map { index in
            let span = spans[index]
            let before = index == 0 ? 0 : spans[index - 1].end - span.start
            let after = index == spans.count - 1 ? 0 : span.end - spans[index + 1].start
            return span.range.map { position in
                Self.rise(position - span.start, over: before)
                    * Self.rise(span.end - 1 - position, over: after)
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

    /// - Parameters:
    ///   - distance: from an interval's end, in pixels.
    ///   - shared: the pixels shared with the neighbour at that end; 0 if there is none.
    private static func rise(_ distance: Int, over shared: Int) -> Float {
        guard distance < shared else { return 1 }
        let t = (Float(distance) + 0.5) / Float(shared)
        return t * t * (3 - 2 * t)
    }
}
