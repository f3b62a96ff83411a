import BFloat16Kernels
import Products
import Tensors

/// The depthwise 3×3 convolution (PyTorch `Conv2d(groups: channels, padding: 1)`) of one panel, one or two rows at
/// a time.
package enum Depthwise3x3 {
    /// The number of floats in a panel's taps: nine rows of 16.
    static var kernelCount: Int { 9 * FeatureMap.lane }

    /// Computes one or two rows in float32, on 512-bit registers where the processor can run the kernels of bfloat16, which have
    /// such a build. The bits are the same.
    @inline(__always)
    package static func rows(_ operands: DepthwiseOperands) {
        if Processor.hasBFloat16 {
            RoundedBuild.depthwise(operands, form: .floats)
        } else if let row3 = operands.row3 {
            rowPair(
                operands.row0, operands.row1, operands.row2, row3, count: operands.count,
                weights: operands.weights, bias: operands.bias, output: operands.output,
                outputStride: operands.outputStride, outputRowStride: operands.outputRowStride)
        } else {
            row(
                above: operands.row0, here: operands.row1, below: operands.row2, count: operands.count,
                weights: operands.weights, bias: operands.bias, output: operands.output,
                outputStride: operands.outputStride)
        }
    }

    /// A panel's nine taps and bias for eight channels, which stay in registers for a whole row.
    private struct Taps {
        let bias, w0, w1, w2, w3, w4, w5, w6, w7, w8: Vector8

        @inline(__always)
        init(_ weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, lane: Int) {
            self.bias = load8(bias + lane)
            w0 = load8(weights + lane)
            w1 = load8(weights + lane + 16)
            w2 = load8(weights + lane + 32)
            w3 = load8(weights + lane + 48)
            w4 = load8(weights + lane + 64)
            w5 = load8(weights + lane + 80)
            w6 = load8(weights + lane + 96)
            w7 = load8(weights + lane + 112)
            w8 = load8(weights + lane + 128)
        }
    }

    /// Computes `out[x] = bias + Σ_{dy,dx} weights[3·dy + dx] · rows[dy][x + dx]` for 16 channels, in that
    /// order.
    ///
    /// - Parameters:
    ///   - above, here, below: rows of `count + 2` pixels of 16 floats; pixel 0 is the left neighbour of the
    ///     first.
    ///   - weights: nine rows of 16 floats.
    ///   - bias: 16 floats.
    ///   - output: `count` pixels, `outputStride` floats apart; 16 floats of each are written. Must not
    ///     overlap the input.
    @inline(never)
    package static func row(
        above: UnsafePointer<Float>, here: UnsafePointer<Float>, below: UnsafePointer<Float>, count: Int,
        weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        for lane in stride(from: 0, to: 16, by: 8) {
            let taps = Taps(weights, bias: bias, lane: lane)
            var (top, middle, bottom) = (above + lane, here + lane, below + lane)
            var target = output + lane
            for _ in 0..<count {
                var sum = taps.bias
                sum.addProduct(load8(top), taps.w0)
                sum.addProduct(load8(top + 16), taps.w1)
                sum.addProduct(load8(top + 32), taps.w2)
                sum.addProduct(load8(middle), taps.w3)
                sum.addProduct(load8(middle + 16), taps.w4)
                sum.addProduct(load8(middle + 32), taps.w5)
                sum.addProduct(load8(bottom), taps.w6)
                sum.addProduct(load8(bottom + 16), taps.w7)
                sum.addProduct(load8(bottom + 32), taps.w8)
                store8(sum, target)
                top += 16
                middle += 16
                bottom += 16
                target += outputStride
            }
        }
    }

    /// Computes two neighbouring rows. The six values of the rows that they share are loaded once, which matters
    /// because a single row needs as many loads as multiply-adds. The sums are those of `row`, bit for bit.
    ///
    /// - Parameters:
    ///   - rows: the row above the first, the two, and the row below the second.
    ///   - outputRowStride: floats from the first output row to the second.
    @inline(never)
    package static func rowPair(
        _ row0: UnsafePointer<Float>, _ row1: UnsafePointer<Float>, _ row2: UnsafePointer<Float>,
        _ row3: UnsafePointer<Float>, count: Int, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, outputStride: Int, outputRowStride: Int
    ) {
        for lane in stride(from: 0, to: 16, by: 8) {
            let taps = Taps(weights, bias: bias, lane: lane)
            var (a, b, c, d) = (row0 + lane, row1 + lane, row2 + lane, row3 + lane)
            var target = output + lane
            for _ in 0..<count {
                var first = taps.bias
                var second = taps.bias
                first.addProduct(load8(a), taps.w0)
                first.addProduct(load8(a + 16), taps.w1)
                first.addProduct(load8(a + 32), taps.w2)
                let b0 = load8(b)
                first.addProduct(b0, taps.w3)
                second.addProduct(b0, taps.w0)
                let b1 = load8(b + 16)
                first.addProduct(b1, taps.w4)
                second.addProduct(b1, taps.w1)
                let b2 = load8(b + 32)
                first.addProduct(b2, taps.w5)
                second.addProduct(b2, taps.w2)
                let c0 = load8(c)
                first.addProduct(c0, taps.w6)
                second.addProduct(c0, taps.w3)
                let c1 = load8(c + 16)
                first.addProduct(c1, taps.w7)
                second.addProduct(c1, taps.w4)
                let c2 = load8(c + 32)
                first.addProduct(c2, taps.w8)
                second.addProduct(c2, taps.w5)
                second.addProduct(load8(d), taps.w6)
                second.addProduct(load8(d + 16), taps.w7)
                second.addProduct(load8(d + 32), taps.w8)
                store8(first, target)
                store8(second, target + outputRowStride)
                a += 16
                b += 16
                c += 16
                d += 16
                target += outputStride
            }
        }
    }
}
