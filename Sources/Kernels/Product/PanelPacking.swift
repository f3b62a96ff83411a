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
        // Blocks of 16 by 16 floats are read and written while they are in the first-level cache.
        for start in stride(from: 0, to: count, by: FeatureMap.lane) {
            let steps = start..<min(start + FeatureMap.lane, count)
            for lane in 0..<FeatureMap.lane {
                let place = target + lane
                if let row = row(lane) {
                    if let scale {
                        for step in steps { place[step &* FeatureMap.lane] = row[step] * scale[step] }
                    } else {
                        for step in steps { place[step &* FeatureMap.lane] = row[step] }
                    }
                } else {
                    for step in steps { place[step &* FeatureMap.lane] = 0 }
                }
            }
        }
    }
}
