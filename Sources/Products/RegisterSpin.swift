// The other builds use this file through symbolic links, each with its own `Vector`.

#if !NARROW_PRODUCTS
    import Products
#endif

/// Performs multiply-adds that access no memory. Their speed is the upper limit of the product's.
package enum RegisterSpin {
    /// Runs 24 independent multiply-adds `stepCount` times (12 on the narrower build, as many as its registers hold)
    /// and returns the number of floating-point operations.
    @export(interface)
    @inline(never)
    package static func run(stepCount: Int) -> Int {
        // The values differ, because the optimiser would otherwise compute one sum for all.
        var first = group(1)
        var second = group(2)
        var third = group(3)
        var pair = RowPair(low0: value(41), low1: value(42), high0: value(43), high1: value(44))
        let factor = Vector(repeating: 0.5)
        var seed: Float = 1
        let isWide = Panels.perTile == 2
        let rows = RowOffsets(0)
        withUnsafePointer(to: &seed) { a in
            for _ in 0..<stepCount {
                first.add(a, rows, factor, factor)
                if isWide {
                    second.add(a, rows, factor, factor)
                    third.add(a, rows, factor, factor)
                } else {
                    pair.add(a, rows, factor, factor)
                }
            }
        }
        // The sums are used so that the optimiser keeps them.
        let sum =
            (total(first) + total(second) + total(third) + pair.low0 + pair.low1 + pair.high0 + pair.high1)
            .sum()
        return sum.isNaN ? 0 : stepCount * (isWide ? 24 : 12) * Vector.scalarCount * Panels.operationsPerLane
    }

    private static func value(_ number: Int) -> Vector { Vector(repeating: Float(number)) }

    private static func group(_ number: Int) -> RowGroup {
        RowGroup(
            low0: value(10 * number), low1: value(10 * number + 1), low2: value(10 * number + 2),
            low3: value(10 * number + 3), high0: value(10 * number + 4), high1: value(10 * number + 5),
            high2: value(10 * number + 6), high3: value(10 * number + 7))
    }

    private static func total(_ group: RowGroup) -> Vector {
        group.low0 + group.low1 + group.low2 + group.low3 + group.high0 + group.high1 + group.high2
            + group.high3
    }
}
