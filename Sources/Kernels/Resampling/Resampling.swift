/// Halves and doubles the size of pictures.
///
/// All functions take contiguous planes (count, H, W) that do not overlap, and allocate nothing.
package enum Resampling {
    /// Returns half of a number of pixels, rounded up.
    package static func halved(_ length: Int) -> Int { (length + 1) / 2 }

    /// Sets every pixel of the target to the mean of 2×2 pixels, or of those that exist if the last row or
    /// column is single.
    ///
    /// - Parameters:
    ///   - height, width: the size of the source, at least 1.
    ///   - target: (planeCount, ⌈height/2⌉, ⌈width/2⌉), overwritten.
    package static func halve(
        _ source: UnsafePointer<Float>, planeCount: Int, height: Int, width: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        check(planeCount, height, width)
        let (rows, columns) = (halved(height), halved(width))
        for plane in 0..<planeCount {
            let from = source + plane * height * width
            for row in 0..<rows {
                let upper = from + 2 * row * width
                // A single row is used twice, because its mean with itself is exactly itself.
                let lower = 2 * row + 1 < height ? upper + width : upper
                halveRow(upper, lower, width: width, into: target + (plane * rows + row) * columns)
            }
        }
    }

    /// Doubles the size of a picture and adds it to the target. Zeros do not change the target.
    ///
    /// The interpolation is bilinear between the pixels' centres, with extended edges: weights of 3/4 and 1/4
    /// along rows and columns (PyTorch `F.interpolate(scale_factor: 2, mode: "bilinear", align_corners:
    /// false)`). If a side of the target is odd, its last row or column is omitted. A constant stays the
    /// same, bit for bit.
    ///
    /// - Parameters:
    ///   - source: (planeCount, ⌈height/2⌉, ⌈width/2⌉).
    ///   - height, width: the size of the target, at least 1.
    ///   - target: (planeCount, height, width).
    package static func addDoubled(
        _ source: UnsafePointer<Float>, planeCount: Int, height: Int, width: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        check(planeCount, height, width)
        let (rows, columns) = (halved(height), halved(width))
        for plane in 0..<planeCount {
            let from = source + plane * rows * columns
            for row in 0..<height {
                let near = row / 2
                let far = row % 2 == 0 ? max(near - 1, 0) : min(near + 1, rows - 1)
                addDoubledRow(
                    from + near * columns, from + far * columns, width: width,
                    to: target + (plane * height + row) * width)
            }
        }
    }

    private static func check(_ planeCount: Int, _ height: Int, _ width: Int) {
        precondition(planeCount >= 0 && height >= 1 && width >= 1, "Resampling: no picture")
    }

    @inline(never)
    private static func halveRow(
        _ upper: UnsafePointer<Float>, _ lower: UnsafePointer<Float>, width: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        let pairs = width / 2
        var column = 0
        while column + 8 <= pairs {
            let first = load8(upper + 2 * column) + load8(lower + 2 * column)
            let second = load8(upper + 2 * column + 8) + load8(lower + 2 * column + 8)
            let left = Vector8(lowHalf: first.evenHalf, highHalf: second.evenHalf)
            let right = Vector8(lowHalf: first.oddHalf, highHalf: second.oddHalf)
            store8((left + right) * 0.25, target + column)
            column += 8
        }
        while column < pairs {
            let left = upper[2 * column] + lower[2 * column]
            let right = upper[2 * column + 1] + lower[2 * column + 1]
            target[column] = (left + right) * 0.25
            column += 1
        }
        if width % 2 == 1 {
            target[pairs] = (upper[width - 1] + lower[width - 1]) * 0.5
        }
    }

    /// - Parameter near, far: the rows of the source on both sides of the target's row.
    @inline(__always)
    private static func addDoubledRow(
        _ near: UnsafePointer<Float>, _ far: UnsafePointer<Float>, width: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        let columns = halved(width)
        func pixels(_ column: Int) {
            let here = between(near[column], far[column])
            let left = max(column - 1, 0)
            target[2 * column] += between(here, between(near[left], far[left]))
            guard 2 * column + 1 < width else { return }
            let right = min(column + 1, columns - 1)
            target[2 * column + 1] += between(here, between(near[right], far[right]))
        }
        pixels(0)
        var column = 1
        // Eight source pixels with both neighbours exist, so the sixteen of the target are complete.
        while column + 9 <= columns {
            let left = between(load8(near + column - 1), load8(far + column - 1))
            let here = between(load8(near + column), load8(far + column))
            let right = between(load8(near + column + 1), load8(far + column + 1))
            let (even, odd) = (between(here, left), between(here, right))
            let first = interleaved(even.lowHalf, odd.lowHalf)
            let second = interleaved(even.highHalf, odd.highHalf)
            store8(load8(target + 2 * column) + first, target + 2 * column)
            store8(load8(target + 2 * column + 8) + second, target + 2 * column + 8)
            column += 8
        }
        while column < columns {
            pixels(column)
            column += 1
        }
    }

    /// Returns 3/4 of one and 1/4 of the other, which is exactly the first if they are equal.
    @inline(__always)
    private static func between(_ near: Float, _ far: Float) -> Float { near + (far - near) * 0.25 }

    @inline(__always)
    private static func between(_ near: Vector8, _ far: Vector8) -> Vector8 { near + (far - near) * 0.25 }

    @inline(__always)
    private static func interleaved(_ even: SIMD4<Float>, _ odd: SIMD4<Float>) -> Vector8 {
        Vector8(even.x, odd.x, even.y, odd.y, even.z, odd.z, even.w, odd.w)
    }
}
