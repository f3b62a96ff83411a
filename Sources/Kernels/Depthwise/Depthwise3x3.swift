/// The depthwise 3×3 convolution (PyTorch `Conv2d(groups: channels, padding: 1)`), one row of one panel at a
/// time.
package enum Depthwise3x3 {
    /// `out[x] = bias + Σ_{dy,dx} weights[3·dy + dx] · rows[dy][x + dx]` for 16 channels.
    ///
    /// - Parameters:
    ///   - rows: three rows of `count + 2` pixels of 16 floats; pixel 0 is the left neighbour of the first.
    ///   - weights: nine rows of 16 floats.
    ///   - bias: 16 floats.
    ///   - output: `count` pixels, `outputStride` floats apart, 16 floats written of each. No overlap.
    @inline(never)
    package static func row(
        above: UnsafePointer<Float>, here: UnsafePointer<Float>, below: UnsafePointer<Float>, count: Int,
        weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        for half in 0..<2 {
            let lane = half * 8
            let w0 = load8(weights + lane)
            let w1 = load8(weights + lane + 16)
            let w2 = load8(weights + lane + 32)
            let w3 = load8(weights + lane + 48)
            let w4 = load8(weights + lane + 64)
            let w5 = load8(weights + lane + 80)
            let w6 = load8(weights + lane + 96)
            let w7 = load8(weights + lane + 112)
            let w8 = load8(weights + lane + 128)
            let start = load8(bias + lane)
            var top = above + lane
            var middle = here + lane
            var bottom = below + lane
            var target = output + lane
            for _ in 0..<count {
                // Two chains: shorter than one of nine, and the next pixels overlap them.
                var a = start
                a.addProduct(load8(top), w0)
                a.addProduct(load8(top + 16), w1)
                a.addProduct(load8(top + 32), w2)
                var b = load8(middle) * w3
                b.addProduct(load8(middle + 16), w4)
                b.addProduct(load8(middle + 32), w5)
                a.addProduct(load8(bottom), w6)
                b.addProduct(load8(bottom + 16), w7)
                a.addProduct(load8(bottom + 32), w8)
                store8(a + b, target)
                top += 16
                middle += 16
                bottom += 16
                target += outputStride
            }
        }
    }
}
