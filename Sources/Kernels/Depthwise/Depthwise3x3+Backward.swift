import Products
import Tensors

/// The sums over a panel's pixels of a gradient times the nine neighbours in the input.
private struct TapSums {
    var s0 = Vector8.zero, s1 = Vector8.zero, s2 = Vector8.zero
    var s3 = Vector8.zero, s4 = Vector8.zero, s5 = Vector8.zero
    var s6 = Vector8.zero, s7 = Vector8.zero, s8 = Vector8.zero

    /// Adds the sums to nine rows of 16 floats.
    @inline(__always)
    func add(to taps: UnsafeMutablePointer<Float>) {
        store8(load8(taps) + s0, taps)
        store8(load8(taps + 16) + s1, taps + 16)
        store8(load8(taps + 32) + s2, taps + 32)
        store8(load8(taps + 48) + s3, taps + 48)
        store8(load8(taps + 64) + s4, taps + 64)
        store8(load8(taps + 80) + s5, taps + 80)
        store8(load8(taps + 96) + s6, taps + 96)
        store8(load8(taps + 112) + s7, taps + 112)
        store8(load8(taps + 128) + s8, taps + 128)
    }
}

extension Depthwise3x3 {
    /// Adds the gradient of a panel's taps: `Σ_pixels gradient · input` at each of the nine shifts. Each pair
    /// of rows is summed before it is added, so that the error grows with the sides and not with the area.
    ///
    /// - Parameters:
    ///   - gradient, input: have zero borders.
    ///   - taps: nine rows of 16 floats.
    static func addTapGradients(
        _ gradient: PixelPanels, panel: Int, input: PixelPanels, inputPanel: Int,
        taps: UnsafeMutablePointer<Float>
    ) {
        for y in stride(from: 0, to: gradient.height - 1, by: 2) {
            addPair(
                gradient.row(panel, y), gradient.row(panel, y + 1), input.borderedRow(inputPanel, y - 1),
                rowStride: input.rowStride, count: gradient.width, taps: taps)
        }
        if gradient.height % 2 == 1 {
            let y = gradient.height - 1
            addSingle(
                gradient.row(panel, y), input.borderedRow(inputPanel, y - 1), rowStride: input.rowStride,
                count: gradient.width, taps: taps)
        }
    }

    @inline(never)
    private static func addPair(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ corner: UnsafePointer<Float>,
        rowStride: Int, count: Int, taps: UnsafeMutablePointer<Float>
    ) {
        for lane in stride(from: 0, to: 16, by: 8) {
            var sums = TapSums()
            var (a, b) = (first + lane, second + lane)
            var (row0, row1) = (corner + lane, corner + lane + rowStride)
            var (row2, row3) = (corner + lane + 2 * rowStride, corner + lane + 3 * rowStride)
            for _ in 0..<count {
                let (up, down) = (load8(a), load8(b))
                sums.s0.addProduct(up, load8(row0))
                sums.s1.addProduct(up, load8(row0 + 16))
                sums.s2.addProduct(up, load8(row0 + 32))
                let (m0, m1, m2) = (load8(row1), load8(row1 + 16), load8(row1 + 32))
                sums.s3.addProduct(up, m0)
                sums.s4.addProduct(up, m1)
                sums.s5.addProduct(up, m2)
                let (n0, n1, n2) = (load8(row2), load8(row2 + 16), load8(row2 + 32))
                sums.s6.addProduct(up, n0)
                sums.s7.addProduct(up, n1)
                sums.s8.addProduct(up, n2)
                sums.s0.addProduct(down, m0)
                sums.s1.addProduct(down, m1)
                sums.s2.addProduct(down, m2)
                sums.s3.addProduct(down, n0)
                sums.s4.addProduct(down, n1)
                sums.s5.addProduct(down, n2)
                sums.s6.addProduct(down, load8(row3))
                sums.s7.addProduct(down, load8(row3 + 16))
                sums.s8.addProduct(down, load8(row3 + 32))
                a += 16
                b += 16
                row0 += 16
                row1 += 16
                row2 += 16
                row3 += 16
            }
            sums.add(to: taps + lane)
        }
    }

    @inline(never)
    private static func addSingle(
        _ gradient: UnsafePointer<Float>, _ corner: UnsafePointer<Float>, rowStride: Int, count: Int,
        taps: UnsafeMutablePointer<Float>
    ) {
        for lane in stride(from: 0, to: 16, by: 8) {
            var sums = TapSums()
            var a = gradient + lane
            var (row0, row1) = (corner + lane, corner + lane + rowStride)
            var row2 = corner + lane + 2 * rowStride
            for _ in 0..<count {
                let up = load8(a)
                sums.s0.addProduct(up, load8(row0))
                sums.s1.addProduct(up, load8(row0 + 16))
                sums.s2.addProduct(up, load8(row0 + 32))
                sums.s3.addProduct(up, load8(row1))
                sums.s4.addProduct(up, load8(row1 + 16))
                sums.s5.addProduct(up, load8(row1 + 32))
                sums.s6.addProduct(up, load8(row2))
                sums.s7.addProduct(up, load8(row2 + 16))
                sums.s8.addProduct(up, load8(row2 + 32))
                a += 16
                row0 += 16
                row1 += 16
                row2 += 16
            }
            sums.add(to: taps + lane)
        }
    }

    /// Adds the sums of a panel's 16 channels over all pixels to `sums`, which gives the gradient of a bias.
    ///
    /// - Parameter gradient: read row by row, so it may have a border.
    @inline(never)
    static func addSums(_ gradient: PixelPanels, panel: Int, to sums: UnsafeMutablePointer<Float>) {
        for y in 0..<gradient.height {
            let row = UnsafePointer(gradient.row(panel, y))
            var low = Vector8.zero
            var high = Vector8.zero
            for x in 0..<gradient.width {
                low += load8(row + x * 16)
                high += load8(row + x * 16 + 8)
            }
            store8(load8(sums) + low, sums)
            store8(load8(sums + 8) + high, sums + 8)
        }
    }

    /// Adds the sums of squares of a panel's 16 channels over all pixels to `sums`. Each row is summed first.
    @inline(never)
    static func addSquares(_ source: PixelPanels, panel: Int, to sums: UnsafeMutablePointer<Float>) {
        for y in 0..<source.height {
            let row = UnsafePointer(source.row(panel, y))
            var low = Vector8.zero
            var high = Vector8.zero
            for x in 0..<source.width {
                let a = load8(row + x * 16)
                let b = load8(row + x * 16 + 8)
                low.addProduct(a, a)
                high.addProduct(b, b)
            }
            store8(load8(sums) + low, sums)
            store8(load8(sums + 8) + high, sums + 8)
        }
    }
}
