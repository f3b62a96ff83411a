/// Four rows of a panel with a border, one below the other: `count + 2` pixels of 16 floats; pixel 0 is the left neighbour of the
/// first.
package struct FourRows {
    package var row0: UnsafePointer<Float>
    package var row1: UnsafePointer<Float>
    package var row2: UnsafePointer<Float>
    /// Read for a second row of results only.
    package var row3: UnsafePointer<Float>

    @inline(__always)
    package init(
        _ row0: UnsafePointer<Float>, _ row1: UnsafePointer<Float>, _ row2: UnsafePointer<Float>,
        _ row3: UnsafePointer<Float>
    ) {
        self.row0 = row0
        self.row1 = row1
        self.row2 = row2
        self.row3 = row3
    }
}

/// One or two neighbouring rows of the gradient of a panel after a depthwise 3×3 convolution, and of its input.
package struct TapOperands {
    /// `count` pixels of 16 floats.
    package var first: UnsafePointer<Float>
    /// The row below; nil for a single one.
    package var second: UnsafePointer<Float>?
    /// The input's rows; `row0` is above that of `first`.
    package var rows: FourRows
    package var count: Int

    @inline(__always)
    package init(
        first: UnsafePointer<Float>, second: UnsafePointer<Float>?, rows: FourRows, count: Int
    ) {
        self.first = first
        self.second = second
        self.rows = rows
        self.count = count
    }
}
