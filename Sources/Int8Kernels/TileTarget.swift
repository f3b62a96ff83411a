// The other builds use this file through symbolic links.

import Products

/// The destination of a tile's results: the two vectors of a row, low and high. The column's offset is taken off a sum, which
/// is then scaled by its row's and its column's scale; the addend comes last.
struct TileTarget {
    var out: UnsafeMutablePointer<Float>
    let outStride: Int
    let outHigh: Int
    var addend: UnsafePointer<Float>
    let addendStride: Int
    let addendHigh: Int
    let form: TargetForm
    var rowScales: UnsafePointer<Float>
    let low: Column
    let high: Column

    /// The scales and the offsets of a vector of columns.
    struct Column {
        let scale: Vector
        let offset: Vector

        @inline(__always)
        init(_ address: UnsafePointer<Float>) {
            scale = load(address)
            offset = load(address + 16)
        }
    }

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
        rowScales = operands.scales.rows
        let columns = operands.scales.columns + panel * ProductScales.panelStride
        low = Column(columns)
        // The last, odd panel has no high vector.
        let hasHigh = panel + Panels.perTile <= operands.panelCount
        high = hasHigh ? Column(columns + Panels.high(ProductScales.panelStride)) : low
    }

    @inline(__always)
    func write(_ row: Int, _ low: Vector, _ high: Vector) {
        let target = out + row * outStride
        let source = addend + row * addendStride
        let rowScale = Vector(repeating: rowScales[row])
        write(low, self.low, rowScale, source, target)
        write(high, self.high, rowScale, source + addendHigh, target + outHigh)
    }

    @inline(__always)
    func writeLow(_ row: Int, _ low: Vector) {
        write(
            low, self.low, Vector(repeating: rowScales[row]), addend + row * addendStride,
            out + row * outStride)
    }

    @inline(__always)
    private func write(
        _ sum: Vector, _ column: Column, _ rowScale: Vector, _ source: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<Float>
    ) {
        let value = sum.floats(less: column.offset) * rowScale
        switch form {
        case .floats: store(load(source).addingProduct(value, column.scale), target)
        case .rounded: load(source).addingProduct(value, column.scale).storeNarrow(target)
        case .roundedBoth: Vector(narrow: source).addingProduct(value, column.scale).storeNarrow(target)
        }
    }

    @inline(__always)
    mutating func advance(rows: Int) {
        out += rows * outStride
        addend += rows * addendStride
        rowScales += rows
    }
}
