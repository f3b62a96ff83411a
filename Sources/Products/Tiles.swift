// The other builds use this file through symbolic links, each with its own `Vector`.

#if !NARROW_PRODUCTS
    import Products
#endif

/// The inner loops, over all segments of depth for a fixed number of rows and one or two vectors.
struct Tile {
    let depth: Int
    let rows: RowOffsets
    let stepStride: Int
    let weights: UnsafePointer<Float>
    /// The distance from the low vector's weights to the high one's.
    let weightHigh: Int
    /// The distance from one depth's weights to the next's.
    let weightStep: Int
    /// The runs of `depth` values, and the distance from the end of one to the start of the next.
    let segmentCount: Int
    let segmentJump: Int

    @inline(__always)
    func twelve(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var first = RowGroup()
        var second = RowGroup()
        var third = RowGroup()
        var a = a
        var w = weights
        for _ in 0..<segmentCount {
            for _ in 0..<depth {
                let low = load(w)
                let high = load(w + weightHigh)
                first.add(a, rows, low, high)
                second.add(a + 4 * rows.one, rows, low, high)
                third.add(a + 8 * rows.one, rows, low, high)
                a += stepStride
                w += weightStep
            }
            a += segmentJump
        }
        first.write(target, row: 0)
        second.write(target, row: 4)
        third.write(target, row: 8)
    }

    @inline(__always)
    func eight(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var first = RowGroup()
        var second = RowGroup()
        var a = a
        var w = weights
        for _ in 0..<segmentCount {
            for _ in 0..<depth {
                let low = load(w)
                let high = load(w + weightHigh)
                first.add(a, rows, low, high)
                second.add(a + 4 * rows.one, rows, low, high)
                a += stepStride
                w += weightStep
            }
            a += segmentJump
        }
        first.write(target, row: 0)
        second.write(target, row: 4)
    }

    @inline(__always)
    func six(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var first = RowGroup()
        var second = RowPair()
        var a = a
        var w = weights
        for _ in 0..<segmentCount {
            for _ in 0..<depth {
                let low = load(w)
                let high = load(w + weightHigh)
                first.add(a, rows, low, high)
                second.add(a + 4 * rows.one, rows, low, high)
                a += stepStride
                w += weightStep
            }
            a += segmentJump
        }
        first.write(target, row: 0)
        second.write(target, row: 4)
    }

    @inline(__always)
    func four(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var sums = RowGroup()
        var a = a
        var w = weights
        for _ in 0..<segmentCount {
            for _ in 0..<depth {
                sums.add(a, rows, load(w), load(w + weightHigh))
                a += stepStride
                w += weightStep
            }
            a += segmentJump
        }
        sums.write(target, row: 0)
    }

    @inline(__always)
    func two(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var sums = RowPair()
        var a = a
        var w = weights
        for _ in 0..<segmentCount {
            for _ in 0..<depth {
                sums.add(a, rows, load(w), load(w + weightHigh))
                a += stepStride
                w += weightStep
            }
            a += segmentJump
        }
        sums.write(target, row: 0)
    }

    @inline(__always)
    func one(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var low = Vector.zero
        var high = Vector.zero
        var a = a
        var w = weights
        for _ in 0..<segmentCount {
            for _ in 0..<depth {
                let value = Vector(repeating: a[0])
                low.accumulate(value, load(w))
                high.accumulate(value, load(w + weightHigh))
                a += stepStride
                w += weightStep
            }
            a += segmentJump
        }
        target.write(0, low, high)
    }

    @inline(__always)
    func eightOfOnePanel(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var first = RowGroupOfOnePanel()
        var second = RowGroupOfOnePanel()
        var a = a
        var w = weights
        for _ in 0..<segmentCount {
            for _ in 0..<depth {
                let value = load(w)
                first.add(a, rows, value)
                second.add(a + 4 * rows.one, rows, value)
                a += stepStride
                w += weightStep
            }
            a += segmentJump
        }
        first.write(target, row: 0)
        second.write(target, row: 4)
    }

    @inline(__always)
    func oneOfOnePanel(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var sum = Vector.zero
        var a = a
        var w = weights
        for _ in 0..<segmentCount {
            for _ in 0..<depth {
                sum.accumulate(Vector(repeating: a[0]), load(w))
                a += stepStride
                w += weightStep
            }
            a += segmentJump
        }
        target.writeLow(0, sum)
    }
}
