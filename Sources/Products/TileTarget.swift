// The build with 512-bit registers uses this file through a symbolic link.

#if !NARROW_PRODUCTS
    import Products
#endif

/// The destination of a tile's results: the two vectors of a row, low and high.
struct TileTarget {
    var out: UnsafeMutablePointer<Float>
    let outStride: Int
    let outHigh: Int
    var addend: UnsafePointer<Float>
    let addendStride: Int
    let addendHigh: Int

    @inline(__always)
    init(_ operands: ProductOperands, panel: Int) {
        out = operands.out + panel * operands.outPanelStride
        outStride = operands.outStride
        outHigh = Panels.high(operands.outPanelStride)
        addend = operands.addend + panel * operands.addendPanelStride
        addendStride = operands.addendStride
        addendHigh = Panels.high(operands.addendPanelStride)
    }

    @inline(__always)
    func write(_ row: Int, _ low: Vector, _ high: Vector) {
        let target = out + row * outStride
        let source = addend + row * addendStride
        store(low + load(source), target)
        store(high + load(source + addendHigh), target + outHigh)
    }

    @inline(__always)
    func writeLow(_ row: Int, _ low: Vector) {
        store(low + load(addend + row * addendStride), out + row * outStride)
    }

    @inline(__always)
    mutating func advance(rows: Int) {
        out += rows * outStride
        addend += rows * addendStride
    }
}
