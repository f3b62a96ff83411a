// The emulated build uses this file through a symbolic link.

import Products

extension RoundedBuild {
    /// A panel's nine taps and its bias, which stay in registers for a whole row.
    private struct Taps {
        let bias, w0, w1, w2, w3, w4, w5, w6, w7, w8: Lanes

        @inline(__always)
        init(_ weights: UnsafePointer<Float>, bias: UnsafePointer<Float>) {
            self.bias = lanes(bias)
            w0 = lanes(weights)
            w1 = lanes(weights + 16)
            w2 = lanes(weights + 32)
            w3 = lanes(weights + 48)
            w4 = lanes(weights + 64)
            w5 = lanes(weights + 80)
            w6 = lanes(weights + 96)
            w7 = lanes(weights + 112)
            w8 = lanes(weights + 128)
        }
    }

    @inline(never)
    package static func depthwise(_ operands: DepthwiseOperands, form: DepthwiseForm) {
        switch form {
        case .floats:
            rows(operands) { first, second, target in
                store(first, floats: target)
                if let second { store(second, floats: target + operands.outputRowStride) }
            }
        case .channelPairs:
            rows(operands) { first, second, target in
                first.storeNarrow(target)
                if let second { second.storeNarrow(target + operands.outputRowStride) }
            }
        case .rowPairs:
            rows(operands) { first, second, target in
                first.storeRounded(withHigh: second ?? .zero, target)
            }
        }
    }

    /// Calls `write` with every pixel's sums, of both rows if there are two.
    @inline(__always)
    private static func rows(
        _ operands: DepthwiseOperands,
        write: (_ first: Lanes, _ second: Lanes?, _ target: UnsafeMutablePointer<Float>) -> Void
    ) {
        let taps = Taps(operands.weights, bias: operands.bias)
        var (a, b, c) = (operands.row0, operands.row1, operands.row2)
        var target = operands.output
        guard var d = operands.row3 else {
            for _ in 0..<operands.count {
                var sum = taps.bias
                add(&sum, a, taps.w0, taps.w1, taps.w2)
                add(&sum, b, taps.w3, taps.w4, taps.w5)
                add(&sum, c, taps.w6, taps.w7, taps.w8)
                write(sum, nil, target)
                (a, b, c) = (a + 16, b + 16, c + 16)
                target += operands.outputStride
            }
            return
        }
        for _ in 0..<operands.count {
            var first = taps.bias
            var second = taps.bias
            add(&first, a, taps.w0, taps.w1, taps.w2)
            // The rows that both outputs share are loaded once.
            let (b0, b1, b2) = (lanes(b), lanes(b + 16), lanes(b + 32))
            first.addProduct(b0, taps.w3)
            second.addProduct(b0, taps.w0)
            first.addProduct(b1, taps.w4)
            second.addProduct(b1, taps.w1)
            first.addProduct(b2, taps.w5)
            second.addProduct(b2, taps.w2)
            let (c0, c1, c2) = (lanes(c), lanes(c + 16), lanes(c + 32))
            first.addProduct(c0, taps.w6)
            second.addProduct(c0, taps.w3)
            first.addProduct(c1, taps.w7)
            second.addProduct(c1, taps.w4)
            first.addProduct(c2, taps.w8)
            second.addProduct(c2, taps.w5)
            add(&second, d, taps.w6, taps.w7, taps.w8)
            write(first, second, target)
            (a, b, c, d) = (a + 16, b + 16, c + 16, d + 16)
            target += operands.outputStride
        }
    }

    @inline(__always)
    private static func add(
        _ sum: inout Lanes, _ row: UnsafePointer<Float>, _ left: Lanes, _ middle: Lanes, _ right: Lanes
    ) {
        sum.addProduct(lanes(row), left)
        sum.addProduct(lanes(row + 16), middle)
        sum.addProduct(lanes(row + 32), right)
    }
}
