// The other builds use this file through symbolic links.

internal import CLanes

/// Sixteen neighbouring pixels. What a norm or a scale needs of each of them, one number, is computed for all at once.
enum PixelGroup {
    static let size = 16

    /// A row for each pixel.
    typealias Rows = InlineArray<16, Lanes>

    static var noRows: Rows { Rows(repeating: .zero) }

    /// Calls `body` with the first pixel of each group, and with the number of its pixels.
    @inline(__always)
    static func forEach(of count: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
        for first in stride(from: 0, to: count, by: size) { body(first, min(size, count - first)) }
    }

    /// The sum of each row's lanes, halves first.
    @inline(__always)
    static func sums(_ rows: Rows) -> Lanes { reduce(rows, lanes_row_sums) }

    /// The largest of each row's lanes, which are not negative. NaN is the largest.
    @inline(__always)
    static func maxima(_ rows: Rows) -> Lanes { reduce(rows, lanes_row_maxima) }

    @inline(__always)
    private static func reduce(
        _ rows: Rows, _ function: (UnsafePointer<Float>) -> Lanes
    ) -> Lanes {
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
