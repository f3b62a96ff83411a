import Tensors

/// Packs matrices that change with every training step into the product's layout, panels of 16 rows side by
/// side.
enum PanelPacking {
    /// Sets `target[k · 16 + lane] = row(lane)[k] · scale[k]` for k in `0..<count`; 0 if there is no such
    /// row.
    ///
    /// - Parameters:
    ///   - scale: `count` floats; nil for ones.
    ///   - target: 16 · `count` floats, overwritten.
    @inline(__always)
    static func interleave(
        count: Int, scale: UnsafePointer<Float>? = nil, into target: UnsafeMutablePointer<Float>,
        row: (_ lane: Int) -> UnsafePointer<Float>?
    ) {
        for start in stride(from: 0, to: count, by: Vector8.scalarCount) {
            let steps = min(Vector8.scalarCount, count - start)
            let scale = scale.map { load8($0 + start, count: steps) } ?? .one
            for half in stride(from: 0, to: FeatureMap.lane, by: Vector8.scalarCount) {
                var block = Block8()
                for lane in 0..<Vector8.scalarCount {
                    if let row = row(half + lane) {
                        block[lane] = load8(row + start, count: steps) * scale
                    }
                }
                block.transpose()
                for step in 0..<steps {
                    store8(block[step], target + (start + step) * FeatureMap.lane + half)
                }
            }
        }
    }
}
