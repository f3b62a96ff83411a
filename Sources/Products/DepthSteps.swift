// The other builds use this file through symbolic links, each with its own `Panels`.

internal import CLanes

#if !NARROW_PRODUCTS
    import Products
#endif

/// How a product's depth is traversed. Distances count floats.
struct DepthSteps {
    /// Values in a run.
    let depth: Int
    /// The number of runs, and the distance from the end of one to the start of the next.
    let runCount: Int
    let runJump: Int
    /// The distances from one depth's value and weights to the next's.
    let stride: Int
    let weightStride: Int
    /// Whether four steps are taken at a time. Where distances are constants, addresses then take fewer instructions. That
    /// counts while somebody else uses the core's other hardware thread, because the two share what a core can issue.
    let isUnrolled: Bool

    /// For values and weights without gaps. Constants remove the loop over runs and the arithmetic of addresses.
    @inline(__always)
    static func contiguous(_ operands: ProductOperands) -> DepthSteps {
        DepthSteps(
            depth: operands.depth, runCount: 1, runJump: 0, stride: 1, weightStride: 16,
            isUnrolled: Panels.unrollsSteps)
    }

    @inline(__always)
    static func segmented(_ operands: ProductOperands) -> DepthSteps {
        DepthSteps(
            depth: operands.depth, runCount: operands.segmentCount,
            runJump: operands.segmentStride - operands.depth * operands.stepStride,
            stride: operands.stepStride, weightStride: operands.weightStepStride, isUnrolled: false)
    }

    /// Calls `step` with the addresses of each depth's values and weights, in ascending order.
    @inline(__always)
    func forEach(
        _ a: RowPointers, _ weights: UnsafePointer<Float>,
        _ step: (RowPointers, UnsafePointer<Float>) -> Void
    ) {
        var a = a
        var w = weights
        var run = depth > 0 ? runCount : 0
        while run > 0 {
            var left = depth
            if isUnrolled {
                while left >= 4 {
                    step(a, w)
                    step(a + stride, w + weightStride)
                    step(a + 2 * stride, w + 2 * weightStride)
                    step(a + 3 * stride, w + 3 * weightStride)
                    a.advance(4 * stride)
                    w += 4 * weightStride
                    left -= 4
                }
                while left != 0 {
                    step(a, w)
                    a.advance(stride)
                    w += weightStride
                    left -= 1
                }
            } else {
                // A loop that may end before its first step has its sums moved after each run.
                repeat {
                    step(a, w)
                    a.advance(stride)
                    w += weightStride
                    left -= 1
                } while left != 0
            }
            a.advance(runJump)
            run -= 1
        }
    }
}

/// The addresses of the first row of up to three groups of four.
struct RowPointers {
    var first: UnsafePointer<Float>
    var second: UnsafePointer<Float>
    var third: UnsafePointer<Float>

    @inline(__always)
    init(_ first: UnsafePointer<Float>, _ rows: RowOffsets) {
        self.first = first
        second = Self.hidden(first + 4 * rows.one)
        third = Self.hidden(first + 8 * rows.one)
    }

    @inline(__always)
    private init(_ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, _ third: UnsafePointer<Float>)
    {
        self.first = first
        self.second = second
        self.third = third
    }

    @inline(__always)
    static func + (pointers: RowPointers, distance: Int) -> RowPointers {
        RowPointers(pointers.first + distance, pointers.second + distance, pointers.third + distance)
    }

    /// Keeps the optimiser from computing each row's address from the first one, which takes more registers than there are.
    @inline(__always)
    private static func hidden(_ address: UnsafePointer<Float>) -> UnsafePointer<Float> {
        Panels.unrollsSteps ? lanes_unknown(address) : address
    }

    @inline(__always)
    mutating func advance(_ distance: Int) {
        first = Self.hidden(first + distance)
        second = Self.hidden(second + distance)
        third = Self.hidden(third + distance)
    }
}
