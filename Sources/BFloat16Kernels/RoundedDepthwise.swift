// The emulated build uses this file through a symbolic link.

import Products

extension RoundedBuild {
    /// The nine taps and the bias of a panel, or of the half that fits into a register. They stay in registers for a whole
    /// row.
    private struct Taps {
        let bias, w0, w1, w2, w3, w4, w5, w6, w7, w8: Vector

        @inline(__always)
        init(_ weights: UnsafePointer<Float>, bias: UnsafePointer<Float>) {
            self.bias = load(bias)
            w0 = load(weights)
            w1 = load(weights + 16)
            w2 = load(weights + 32)
            w3 = load(weights + 48)
            w4 = load(weights + 64)
            w5 = load(weights + 80)
            w6 = load(weights + 96)
            w7 = load(weights + 112)
            w8 = load(weights + 128)
        }
    }

    @inline(never)
    package static func depthwise(_ operands: DepthwiseOperands, form: DepthwiseForm) {
        switch form {
        case .floats:
            rows(operands, panelWords: 16) { first, second, target, _ in
                store(first, target)
                if let second { store(second, target + operands.outputRowStride) }
            }
        case .channelPairs:
            rows(operands, panelWords: 8) { first, second, target, _ in
                first.storeNarrow(target)
                if let second { second.storeNarrow(target + operands.outputRowStride) }
            }
        case .rowPairs:
            rows(operands, panelWords: 16) { first, second, target, _ in
                first.storeRounded(withHigh: second ?? .zero, target)
            }
        case .bothPairs(let rowPairs):
            rows(operands, panelWords: 8) { first, second, target, place in
                first.storeNarrow(target)
                if let second { second.storeNarrow(target + operands.outputRowStride) }
                first.storeRounded(withHigh: second ?? .zero, rowPairs + place)
            }
        }
    }

    /// Calls `write` with every pixel's sums, of both rows if there are two, a register's lanes at a time. `place` is that of
    /// the first lane among pixels of 16.
    @inline(__always)
    private static func rows(
        _ operands: DepthwiseOperands, panelWords: Int,
        write: (_ first: Vector, _ second: Vector?, _ target: UnsafeMutablePointer<Float>, _ place: Int) ->
            Void
    ) {
        for lane in stride(from: 0, to: 16, by: Vector.scalarCount) {
            rows(operands, lane, operands.output + lane * panelWords / 16, write: write)
        }
    }

    @inline(__always)
    private static func rows(
        _ operands: DepthwiseOperands, _ lane: Int, _ output: UnsafeMutablePointer<Float>,
        write: (_ first: Vector, _ second: Vector?, _ target: UnsafeMutablePointer<Float>, _ place: Int) ->
            Void
    ) {
        let taps = Taps(operands.weights + lane, bias: operands.bias + lane)
        var (a, b, c) = (operands.row0 + lane, operands.row1 + lane, operands.row2 + lane)
        var target = output
        guard var d = operands.row3.map({ $0 + lane }) else {
            for index in 0..<operands.count {
                var sum = taps.bias
                add(&sum, a, taps.w0, taps.w1, taps.w2)
                add(&sum, b, taps.w3, taps.w4, taps.w5)
                add(&sum, c, taps.w6, taps.w7, taps.w8)
                write(sum, nil, target, index * 16 + lane)
                (a, b, c) = (a + 16, b + 16, c + 16)
                target += operands.outputStride
            }
            return
        }
        for index in 0..<operands.count {
            var first = taps.bias
            var second = taps.bias
            add(&first, a, taps.w0, taps.w1, taps.w2)
            // The rows that both outputs share are loaded once.
            let (b0, b1, b2) = (load(b), load(b + 16), load(b + 32))
            first.addProduct(b0, taps.w3)
            second.addProduct(b0, taps.w0)
            first.addProduct(b1, taps.w4)
            second.addProduct(b1, taps.w1)
            first.addProduct(b2, taps.w5)
            second.addProduct(b2, taps.w2)
            let (c0, c1, c2) = (load(c), load(c + 16), load(c + 32))
            first.addProduct(c0, taps.w6)
            second.addProduct(c0, taps.w3)
            first.addProduct(c1, taps.w7)
            second.addProduct(c1, taps.w4)
            first.addProduct(c2, taps.w8)
            second.addProduct(c2, taps.w5)
            add(&second, d, taps.w6, taps.w7, taps.w8)
            write(first, second, target, index * 16 + lane)
            (a, b, c, d) = (a + 16, b + 16, c + 16, d + 16)
            target += operands.outputStride
        }
    }

    @inline(__always)
    private static func add(
        _ sum: inout Vector, _ row: UnsafePointer<Float>, _ left: Vector, _ middle: Vector, _ right: Vector
    ) {
        sum.addProduct(load(row), left)
        sum.addProduct(load(row + 16), middle)
        sum.addProduct(load(row + 32), right)
    }
}
