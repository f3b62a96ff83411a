// The other builds use this file through symbolic links, each with its own `Vector`.

#if !NARROW_PRODUCTS
    import Products
#endif

/// The inner loops, over all depths for a fixed number of rows and one, two or three vectors.
struct Tile {
    let rows: RowOffsets
    let weights: UnsafePointer<Float>
    /// The distance from a vector's weights to the next one's.
    let weightHigh: Int
    let steps: DepthSteps

    @inline(__always)
    private func forEachStep(
        _ a: UnsafePointer<Float>, _ step: (RowPointers, UnsafePointer<Float>) -> Void
    ) {
        steps.forEach(RowPointers(a, rows), weights, step)
    }

    /// Three panels, of which `target` is the destination of two and `third` that of the last.
    @inline(__always)
    func eightOfThreePanels(_ a: UnsafePointer<Float>, _ target: TileTarget, _ third: TileTarget) {
        var first = RowGroupOfThreePanels()
        var second = RowGroupOfThreePanels()
        forEachStep(a) { a, w in
            let low = load(w)
            let high = load(w + weightHigh)
            let highest = load(w + 2 * weightHigh)
            first.add(a.first, rows, low, high, highest)
            second.add(a.second, rows, low, high, highest)
        }
        first.write(target, third, row: 0)
        second.write(target, third, row: 4)
    }

    @inline(__always)
    func twelve(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var first = RowGroup()
        var second = RowGroup()
        var third = RowGroup()
        forEachStep(a) { a, w in
            let low = load(w)
            let high = load(w + weightHigh)
            first.add(a.first, rows, low, high)
            second.add(a.second, rows, low, high)
            third.add(a.third, rows, low, high)
        }
        first.write(target, row: 0)
        second.write(target, row: 4)
        third.write(target, row: 8)
    }

    @inline(__always)
    func eight(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var first = RowGroup()
        var second = RowGroup()
        forEachStep(a) { a, w in
            let low = load(w)
            let high = load(w + weightHigh)
            first.add(a.first, rows, low, high)
            second.add(a.second, rows, low, high)
        }
        first.write(target, row: 0)
        second.write(target, row: 4)
    }

    @inline(__always)
    func six(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var first = RowGroup()
        var second = RowPair()
        forEachStep(a) { a, w in
            let low = load(w)
            let high = load(w + weightHigh)
            first.add(a.first, rows, low, high)
            second.add(a.second, rows, low, high)
        }
        first.write(target, row: 0)
        second.write(target, row: 4)
    }

    @inline(__always)
    func four(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var sums = RowGroup()
        forEachStep(a) { a, w in sums.add(a.first, rows, load(w), load(w + weightHigh)) }
        sums.write(target, row: 0)
    }

    @inline(__always)
    func two(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var sums = RowPair()
        forEachStep(a) { a, w in sums.add(a.first, rows, load(w), load(w + weightHigh)) }
        sums.write(target, row: 0)
    }

    @inline(__always)
    func one(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var low = Vector.zero
        var high = Vector.zero
        forEachStep(a) { a, w in
            let value = Vector(repeating: a.first[0])
            low.accumulate(value, load(w))
            high.accumulate(value, load(w + weightHigh))
        }
        target.write(0, low, high)
    }

    @inline(__always)
    func eightOfOnePanel(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var first = RowGroupOfOnePanel()
        var second = RowGroupOfOnePanel()
        forEachStep(a) { a, w in
            let value = load(w)
            first.add(a.first, rows, value)
            second.add(a.second, rows, value)
        }
        first.write(target, row: 0)
        second.write(target, row: 4)
    }

    @inline(__always)
    func oneOfOnePanel(_ a: UnsafePointer<Float>, _ target: TileTarget) {
        var sum = Vector.zero
        forEachStep(a) { a, w in sum.accumulate(Vector(repeating: a.first[0]), load(w)) }
        target.writeLow(0, sum)
    }
}
