// The other builds use this file through symbolic links, each with its own `Vector`.

#if !NARROW_PRODUCTS
    import Products
#endif

@inline(__always)
func load(_ address: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(address).loadUnaligned(as: Vector.self)
}

@inline(__always)
func store(_ value: Vector, _ address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: value, as: Vector.self)
}

/// The sums of four rows and two vectors. The optimiser keeps plain stored properties in registers. An
/// `InlineArray` was stored in memory (Swift 6.3) and reached a third of the speed.
struct RowGroup {
    var low0 = Vector.zero
    var low1 = Vector.zero
    var low2 = Vector.zero
    var low3 = Vector.zero
    var high0 = Vector.zero
    var high1 = Vector.zero
    var high2 = Vector.zero
    var high3 = Vector.zero

    @inline(__always)
    mutating func add(_ a: UnsafePointer<Float>, _ rows: RowOffsets, _ low: Vector, _ high: Vector) {
        let a0 = Vector(repeating: a[0])
        low0.accumulate(a0, low)
        high0.accumulate(a0, high)
        let a1 = Vector(repeating: a[rows.one])
        low1.accumulate(a1, low)
        high1.accumulate(a1, high)
        let a2 = Vector(repeating: a[rows.two])
        low2.accumulate(a2, low)
        high2.accumulate(a2, high)
        let a3 = Vector(repeating: a[rows.three])
        low3.accumulate(a3, low)
        high3.accumulate(a3, high)
    }

    @inline(__always)
    func write(_ target: TileTarget, row: Int) {
        target.write(row, low0, high0)
        target.write(row + 1, low1, high1)
        target.write(row + 2, low2, high2)
        target.write(row + 3, low3, high3)
    }
}

/// The sums of two rows and two vectors.
struct RowPair {
    var low0 = Vector.zero
    var low1 = Vector.zero
    var high0 = Vector.zero
    var high1 = Vector.zero

    @inline(__always)
    mutating func add(_ a: UnsafePointer<Float>, _ rows: RowOffsets, _ low: Vector, _ high: Vector) {
        let a0 = Vector(repeating: a[0])
        low0.accumulate(a0, low)
        high0.accumulate(a0, high)
        let a1 = Vector(repeating: a[rows.one])
        low1.accumulate(a1, low)
        high1.accumulate(a1, high)
    }

    @inline(__always)
    func write(_ target: TileTarget, row: Int) {
        target.write(row, low0, high0)
        target.write(row + 1, low1, high1)
    }
}

/// The sums of four rows and one vector, for the last, odd panel of the x86-64-v4 build.
struct RowGroupOfOnePanel {
    var sum0 = Vector.zero
    var sum1 = Vector.zero
    var sum2 = Vector.zero
    var sum3 = Vector.zero

    @inline(__always)
    mutating func add(_ a: UnsafePointer<Float>, _ rows: RowOffsets, _ weights: Vector) {
        sum0.accumulate(Vector(repeating: a[0]), weights)
        sum1.accumulate(Vector(repeating: a[rows.one]), weights)
        sum2.accumulate(Vector(repeating: a[rows.two]), weights)
        sum3.accumulate(Vector(repeating: a[rows.three]), weights)
    }

    @inline(__always)
    func write(_ target: TileTarget, row: Int) {
        target.writeLow(row, sum0)
        target.writeLow(row + 1, sum1)
        target.writeLow(row + 2, sum2)
        target.writeLow(row + 3, sum3)
    }
}

/// The sums of four rows and three vectors, for three panels of the x86-64-v4 build.
struct RowGroupOfThreePanels {
    var pair = RowGroup()
    var third = RowGroupOfOnePanel()

    /// Goes row by row, so that each value is loaded once for its three products.
    @inline(__always)
    mutating func add(
        _ a: UnsafePointer<Float>, _ rows: RowOffsets, _ low: Vector, _ high: Vector, _ highest: Vector
    ) {
        let a0 = Vector(repeating: a[0])
        pair.low0.accumulate(a0, low)
        pair.high0.accumulate(a0, high)
        third.sum0.accumulate(a0, highest)
        let a1 = Vector(repeating: a[rows.one])
        pair.low1.accumulate(a1, low)
        pair.high1.accumulate(a1, high)
        third.sum1.accumulate(a1, highest)
        let a2 = Vector(repeating: a[rows.two])
        pair.low2.accumulate(a2, low)
        pair.high2.accumulate(a2, high)
        third.sum2.accumulate(a2, highest)
        let a3 = Vector(repeating: a[rows.three])
        pair.low3.accumulate(a3, low)
        pair.high3.accumulate(a3, high)
        third.sum3.accumulate(a3, highest)
    }

    @inline(__always)
    func write(_ target: TileTarget, _ thirdTarget: TileTarget, row: Int) {
        pair.write(target, row: row)
        third.write(thirdTarget, row: row)
    }
}
