// The build with 512-bit registers uses this file through a symbolic link.

#if !NARROW_PRODUCTS
    import Products
#endif

extension FloatBuild {
    @export(interface)
    @inline(never)
    package static func addTapGradients(_ operands: TapOperands, to taps: UnsafeMutablePointer<Float>) {
        for lane in stride(from: 0, to: 16, by: Vector.scalarCount) {
            let sums =
                operands.second.map { pair(operands, $0 + lane, lane) } ?? single(operands, lane)
            sums.add(to: taps + lane)
        }
    }

    /// The sums over pixels of a gradient times the nine neighbours in the input.
    private struct TapSums {
        var s0 = Vector.zero, s1 = Vector.zero, s2 = Vector.zero
        var s3 = Vector.zero, s4 = Vector.zero, s5 = Vector.zero
        var s6 = Vector.zero, s7 = Vector.zero, s8 = Vector.zero

        /// Adds the sums to nine rows of 16 floats.
        @inline(__always)
        func add(to taps: UnsafeMutablePointer<Float>) {
            store(load(taps) + s0, taps)
            store(load(taps + 16) + s1, taps + 16)
            store(load(taps + 32) + s2, taps + 32)
            store(load(taps + 48) + s3, taps + 48)
            store(load(taps + 64) + s4, taps + 64)
            store(load(taps + 80) + s5, taps + 80)
            store(load(taps + 96) + s6, taps + 96)
            store(load(taps + 112) + s7, taps + 112)
            store(load(taps + 128) + s8, taps + 128)
        }
    }

    @inline(__always)
    private static func pair(
        _ operands: TapOperands, _ second: UnsafePointer<Float>, _ lane: Int
    ) -> TapSums {
        var sums = TapSums()
        let rows = operands.rows
        var (a, b) = (operands.first + lane, second)
        var (row0, row1, row2, row3) = (
            rows.row0 + lane, rows.row1 + lane, rows.row2 + lane, rows.row3 + lane
        )
        for _ in 0..<operands.count {
            let (up, down) = (load(a), load(b))
            sums.s0.addProduct(up, load(row0))
            sums.s1.addProduct(up, load(row0 + 16))
            sums.s2.addProduct(up, load(row0 + 32))
            let (m0, m1, m2) = (load(row1), load(row1 + 16), load(row1 + 32))
            sums.s3.addProduct(up, m0)
            sums.s4.addProduct(up, m1)
            sums.s5.addProduct(up, m2)
            let (n0, n1, n2) = (load(row2), load(row2 + 16), load(row2 + 32))
            sums.s6.addProduct(up, n0)
            sums.s7.addProduct(up, n1)
            sums.s8.addProduct(up, n2)
            sums.s0.addProduct(down, m0)
            sums.s1.addProduct(down, m1)
            sums.s2.addProduct(down, m2)
            sums.s3.addProduct(down, n0)
            sums.s4.addProduct(down, n1)
            sums.s5.addProduct(down, n2)
            sums.s6.addProduct(down, load(row3))
            sums.s7.addProduct(down, load(row3 + 16))
            sums.s8.addProduct(down, load(row3 + 32))
            (a, b) = (a + 16, b + 16)
            (row0, row1, row2, row3) = (row0 + 16, row1 + 16, row2 + 16, row3 + 16)
        }
        return sums
    }

    @inline(__always)
    private static func single(_ operands: TapOperands, _ lane: Int) -> TapSums {
        var sums = TapSums()
        let rows = operands.rows
        var a = operands.first + lane
        var (row0, row1, row2) = (rows.row0 + lane, rows.row1 + lane, rows.row2 + lane)
        for _ in 0..<operands.count {
            let up = load(a)
            sums.s0.addProduct(up, load(row0))
            sums.s1.addProduct(up, load(row0 + 16))
            sums.s2.addProduct(up, load(row0 + 32))
            sums.s3.addProduct(up, load(row1))
            sums.s4.addProduct(up, load(row1 + 16))
            sums.s5.addProduct(up, load(row1 + 32))
            sums.s6.addProduct(up, load(row2))
            sums.s7.addProduct(up, load(row2 + 16))
            sums.s8.addProduct(up, load(row2 + 32))
            a += 16
            (row0, row1, row2) = (row0 + 16, row1 + 16, row2 + 16)
        }
        return sums
    }
}
