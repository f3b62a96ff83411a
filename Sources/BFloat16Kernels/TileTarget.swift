// The emulated build uses this file through a symbolic link.

import Products

/// The destination of a tile's results: the two vectors of a row, low and high.
struct TileTarget {
    var out: UnsafeMutablePointer<Float>
    let outStride: Int
    let outHigh: Int
    var addend: UnsafePointer<Float>
    let addendStride: Int
    let addendHigh: Int
    let form: TargetForm

    @inline(__always)
    init(_ operands: ProductOperands, panel: Int) {
        out = operands.out + panel * operands.outPanelStride
        outStride = operands.outStride
        outHigh =
            operands.targetForm == .floats
            ? Panels.high(operands.outPanelStride) : Panels.narrowHigh(operands.outPanelStride)
        addend = operands.addend + panel * operands.addendPanelStride
        addendStride = operands.addendStride
        addendHigh =
            operands.targetForm == .roundedBoth
            ? Panels.narrowHigh(operands.addendPanelStride) : Panels.high(operands.addendPanelStride)
        form = operands.targetForm
    }

    @inline(__always)
    func write(_ row: Int, _ low: Vector, _ high: Vector) {
        let target = out + row * outStride
        let source = addend + row * addendStride
        write(low, source, target)
        write(high, source + addendHigh, target + outHigh)
    }

    @inline(__always)
    func writeLow(_ row: Int, _ low: Vector) {
        write(low, addend + row * addendStride, out + row * outStride)
    }

    @inline(__always)
    private func write(
        _ sum: Vector, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
    ) {
        switch form {
        case .floats: store(sum + load(source), target)
        case .rounded: (sum + load(source)).storeNarrow(target)
        case .roundedBoth: (sum + Vector(narrow: source)).storeNarrow(target)
        }
    }

    @inline(__always)
    mutating func advance(rows: Int) {
        out += rows * outStride
        addend += rows * addendStride
    }
}
