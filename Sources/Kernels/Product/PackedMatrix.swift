import Tensors

/// The weights of a product, packed once into panels of 16 columns. Panel p holds `depth` rows of 16 words, each a
/// float or several neighbours along the depth in a narrower type; what does not exist is zero.
package struct PackedMatrix: Sendable {
    package let precision: Precision
    /// Words of 32 bits in a column.
    package let depth: Int
    package let panelCount: Int
    package let buffer: AlignedBuffer

    package var panelStride: Int { depth * FeatureMap.lane }
    package var base: UnsafePointer<Float> { UnsafePointer(buffer.base) }

    /// - Parameters:
    ///   - rowCount: the number of values in a column.
    ///   - columns: for each column of the packed matrix its column in the source, or nil for zeros; rounded
    ///     up to whole panels.
    ///   - value: (source column, row) → weight.
    package init(
        depth rowCount: Int, columns: [Int?], precision: Precision = .float32,
        value: (_ column: Int, _ row: Int) -> Float
    ) throws(OutOfMemory) {
        let lane = FeatureMap.lane
        self.precision = precision
        depth = precision.wordCount(rowCount)
        panelCount = (columns.count + lane - 1) / lane
        buffer = try AlignedBuffer(count: panelCount * depth * lane)
        for (index, column) in columns.enumerated() {
            guard let column else { continue }
            var target = buffer.base + (index / lane) * panelStride + index % lane
            for step in 0..<depth {
                switch precision {
                case .float32: target.pointee = value(column, step)
                case .bfloat16:
                    let second = 2 * step + 1
                    target.pointee = BFloat16.word(
                        value(column, 2 * step), second < rowCount ? value(column, second) : 0)
                }
                target += lane
            }
        }
    }
}

/// A row of values, one per column of a product, padded with zeros to whole panels.
package struct PaddedRow: Sendable {
    package let buffer: AlignedBuffer

    package var base: UnsafePointer<Float> { UnsafePointer(buffer.base) }

    package init(columns: [Int?], value: (_ column: Int) -> Float) throws(OutOfMemory) {
        buffer = try AlignedBuffer(count: FeatureMap.paddedChannels(columns.count))
        for (index, column) in columns.enumerated() {
            guard let column else { continue }
            buffer.base[index] = value(column)
        }
    }
}
