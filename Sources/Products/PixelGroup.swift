// The other builds use this file through symbolic links.

internal import CLanes

/// Sixteen neighbouring pixels. What a norm or a scale needs of each of them, one number, is computed for all at once.
enum PixelGroup {
    static let size = 16

    /// A row for each pixel.
    typealias Rows = InlineArray<16, Lanes>

    /// What a group's pixels do not write means nothing, so one is enough for all groups.
    static var emptyRows: Rows { Rows(repeating: .zero) }

    /// Calls `body` with the first pixel of each group, and with the number of its pixels.
    @inline(__always)
    static func forEach(of count: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
        for first in stride(from: 0, to: count, by: size) { body(first, min(size, count - first)) }
    }

    /// The sums of the first `count` rows' lanes, halves first.
    @inline(__always)
    static func sums(_ rows: Rows, _ count: Int) -> Lanes {
        // The last group of a row of pixels often has one or two.
        count <= 4 ? reduce(rows, lanes_four_row_sums) : reduce(rows, lanes_row_sums)
    }

    /// The largest of the first `count` rows' lanes, which are not negative. NaN is the largest.
    @inline(__always)
    static func maxima(_ rows: Rows, _ count: Int) -> Lanes {
        count <= 4 ? reduce(rows, lanes_four_row_maxima) : reduce(rows, lanes_row_maxima)
    }

    @inline(__always)
    private static func reduce(_ rows: Rows, _ function: (UnsafePointer<Float>) -> Lanes) -> Lanes {
        withUnsafeBytes(of: rows) { bytes in
            bytes.assumingMemoryBound(to: Float.self).baseAddress.map(function) ?? .zero
        }
    }

    @inline(__always)
    static func squareRoots(_ values: Lanes) -> Lanes { lanes_square_roots(values) }
}

/// One number for each pixel of a group.
struct PixelValues {
    private let values: InlineArray<16, Float>

    @inline(__always)
    init(_ lanes: Lanes) { values = unsafeBitCast(lanes, to: InlineArray<16, Float>.self) }

    /// The number of a pixel, in every lane.
    @inline(__always)
    subscript(pixel: Int) -> Lanes { Lanes(repeating: values[pixel]) }
}
